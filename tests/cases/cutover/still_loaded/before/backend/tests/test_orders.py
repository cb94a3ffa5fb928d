"""Tests of orders."""

from unittest import mock

from app import main
from app.services import orders


@mock.patch("app.services.orders.find")
def test_find(find) -> None:
    assert orders and main.app
