from fastapi import APIRouter

from ..tasks import registry

router = APIRouter(prefix="/orders")


@router.get("")
def names() -> list[str]:
    return registry.names()
