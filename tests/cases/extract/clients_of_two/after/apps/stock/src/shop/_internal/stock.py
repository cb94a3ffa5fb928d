# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of stock: who knows the token is answered."""

from shop.services import stock as services_stock
from shop_core.contracts import services_stock as services_stock_contract
from shop_core.internal_serving import Endpoints

endpoints = Endpoints("stock")
services_stock_raised: dict[type[Exception], str] = {}


class services_stock_LevelAnswer(services_stock_contract.LevelAnswer):
    """The same with the owner's own classes."""

    value: services_stock.Level


@endpoints.answers(
    services_stock_contract.LEVEL,
    services_stock_raised,
    answer=services_stock_LevelAnswer,
)
def services_stock_level(asked: services_stock_contract.LevelAsked) -> object:
    """`level` of shop.services.stock."""
    return asked.passed_to(services_stock.level)


@endpoints.answers(services_stock_contract.TAKE, services_stock_raised)
def services_stock_take(asked: services_stock_contract.TakeAsked) -> object:
    """`take` of shop.services.stock."""
    return asked.passed_to(services_stock.take)
