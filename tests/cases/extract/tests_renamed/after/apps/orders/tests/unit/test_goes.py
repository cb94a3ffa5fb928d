"""Goes: it exercises orders, and the core."""

from unittest import mock

from backend_core import database
from orders.services import place
from orders.services import orders as module


def test_an_order_is_placed() -> None:
    assert place() == 1
    assert database.ROWS == [1]


@mock.patch("orders.services.orders.ROWS", [1, 2])
def test_rows_can_be_patched() -> None:
    assert module.place() == 3
