"""Certificates of agents."""

from typing import Any

from fastapi import APIRouter

from ..deps import PrincipalDep, SessionDep
from ..schemas import CertificateRead
from ..services.certification import LEVELS, CertificationSystem, badge_for

router = APIRouter(prefix="/certification", tags=["certification"])


@router.get("/levels")
def levels() -> list[dict[str, Any]]:
    """Return the levels, what each needs and what its badge looks like."""
    return [
        {"level": level, "score": score, "badge": badge_for(level, "example")}
        for level, score in LEVELS.items()
    ]


@router.post("/agents/{agent_id}", response_model=CertificateRead, status_code=201)
def issue(agent_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Certify an agent."""
    return CertificationSystem(session).issue(agent_id)


@router.get("/agents/{agent_id}", response_model=list[CertificateRead])
def valid(agent_id: str, session: SessionDep) -> Any:
    """Return the valid certificates of an agent."""
    return CertificationSystem(session).valid(agent_id)
