from unittest import mock

import shop.stock
from shop.services.order_book import find


@mock.patch("shop.services.order_book.due", return_value=1)
def test_an_order_is_found(due):
    assert shop.stock.reserve(1) == 9
    assert find("a").sum == 1
