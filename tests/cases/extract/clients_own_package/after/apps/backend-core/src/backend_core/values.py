from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pydantic import BaseModel


class Kind(Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True)
class Line:
    kind: Kind
    price: Decimal
    count: int = 1


class Order(BaseModel):
    lines: list[Line]
    note: str | None = None
