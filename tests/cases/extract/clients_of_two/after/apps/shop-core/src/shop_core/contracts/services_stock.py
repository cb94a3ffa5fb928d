# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of stock's `shop.services.stock`."""

from datetime import date

from pydantic import BaseModel
from shop_core.internal_calls import Answer, Asked, Operation

class Level(BaseModel):
    """What is there of a thing."""

    name: str
    count: int


RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class LevelAsked(Asked):
    """What `level` is asked with."""

    name: str
    on: date | None = None
    passed = (("name", "name", "any"), ("on", "on", "any"))


class LevelAnswer(Answer):
    """What `level` returns."""

    value: Level


LEVEL = Operation("stock", "services_stock/level", LevelAsked, LevelAnswer, RAISED)


class TakeAsked(Asked):
    """What `take` is asked with."""

    name: str
    count: int = 1
    passed = (("name", "name", "any"), ("count", "count", "any"))


class TakeAnswer(Answer):
    """What `take` returns."""

    value: int


TAKE = Operation("stock", "services_stock/take", TakeAsked, TakeAnswer, RAISED)
