from fastapi import APIRouter

from ..tasks import registry

router = APIRouter(prefix="/bills")


@router.get("")
def names() -> list[str]:
    return registry.names()
