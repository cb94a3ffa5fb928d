"""The book of orders."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..domain import Order
from .bills import due

if TYPE_CHECKING:
    from ..domain import Bill

logger = logging.getLogger(__name__)
bills: dict[str, Bill] = {}


def find(number: str) -> Order:
    """An order, and what is due for it."""
    return Order(number, due(number))
