"""Orders."""

from fastapi import APIRouter

try:
    import speedups_of_ours
except ImportError:
    speedups_of_ours = None

router = APIRouter()


@router.get("/orders")
def orders() -> list[str]:
    import labels_of_ours.printing
    import websocket
    from Cryptodome import Random

    return [labels_of_ours.printing.NAME, websocket.__name__, Random.__name__]
