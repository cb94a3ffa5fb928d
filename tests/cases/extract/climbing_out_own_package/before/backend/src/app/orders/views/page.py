from pathlib import Path

from fastapi import APIRouter

from . import root

router = APIRouter()
PAGE = (Path(__file__).parent.parent / "templates" / "page.html").read_text()


@router.get("/orders")
def orders() -> str:
    return PAGE + root.SHOP
