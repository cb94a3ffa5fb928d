from fastapi import APIRouter

orders_router = APIRouter()


@orders_router.get("/orders")
def orders() -> str:
    return "orders"
