"""Tests of orders."""

from unittest import mock

from app.services import orders


@mock.patch("app.services.orders.find")
def test_find(find) -> None:
    assert orders
