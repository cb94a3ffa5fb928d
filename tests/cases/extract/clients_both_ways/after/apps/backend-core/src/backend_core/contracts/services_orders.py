# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of orders's `app.services.orders`."""

from backend_core.internal_calls import Answer, Asked, Operation

RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class OpenOrdersAsked(Asked):
    """What `open_orders` is asked with."""

    who: str
    passed = (("who", "who", "any"),)


class OpenOrdersAnswer(Answer):
    """What `open_orders` returns."""

    value: list[str]


OPEN_ORDERS = Operation(
    "orders", "services_orders/open_orders", OpenOrdersAsked, OpenOrdersAnswer, RAISED
)
