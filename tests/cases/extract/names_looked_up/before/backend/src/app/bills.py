from fastapi import APIRouter

from . import formats
from .rendering import rendered

router = APIRouter()


@router.get("/bills/{form}")
def bills(form: str) -> str:
    return rendered(formats, form)
