"""Registering and signing in."""

from typing import Any

from fastapi import APIRouter, Depends

from ..custom_types import Role
from ..deps import PrincipalDep, SessionDep, limit_logins
from ..schemas import Login, Token, UserRead, UserRegister
from ..services.identity_service import IdentityService

router = APIRouter(prefix="/users", tags=["users"])


@router.post("", response_model=UserRead, status_code=201)
def register(body: UserRegister, session: SessionDep) -> Any:
    """Register."""
    return IdentityService(session).register(body.email, body.password, Role(body.role))


@router.post("/login", response_model=Token, dependencies=[Depends(limit_logins)])
def sign_in(body: Login, session: SessionDep) -> dict[str, str]:
    """Return a token for an address and its password."""
    user, token = IdentityService(session).sign_in(body.email, body.password)
    return {"token": token, "user_id": user.id}


@router.post("/logout")
def sign_out(principal: PrincipalDep, session: SessionDep) -> dict[str, int]:
    """Forget the caller's sessions."""
    return {"sessions": IdentityService(session).sign_out(principal.user_id)}


@router.get("/me", response_model=UserRead)
def me(principal: PrincipalDep, session: SessionDep) -> Any:
    """Return the caller."""
    return IdentityService(session).get(principal.user_id)
