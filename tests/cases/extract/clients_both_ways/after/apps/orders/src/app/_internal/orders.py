# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of orders: who knows the token is answered."""

from app.services import orders as services_orders
from backend_core.contracts import services_orders as services_orders_contract
from backend_core.internal_serving import Endpoints

endpoints = Endpoints("orders")
services_orders_raised: dict[type[Exception], str] = {}


@endpoints.answers(services_orders_contract.OPEN_ORDERS, services_orders_raised)
def services_orders_open_orders(
    asked: services_orders_contract.OpenOrdersAsked,
) -> object:
    """`open_orders` of app.services.orders."""
    return asked.passed_to(services_orders.open_orders)
