from unittest import mock

import orders_service.stock
from orders_service.services.order_book import find


@mock.patch("orders_service.services.order_book.due", return_value=1)
def test_an_order_is_found(due):
    assert orders_service.stock.reserve(1) == 9
    assert find("a").sum == 1
