from fastapi import APIRouter

router = APIRouter()


@router.get("/bills")
def bills() -> str:
    return "bill"
