from fastapi import APIRouter

from ..services.bills import reminders

router = APIRouter()


@router.get("/bills/reminders")
def reminded() -> list[str]:
    return reminders("ada")
