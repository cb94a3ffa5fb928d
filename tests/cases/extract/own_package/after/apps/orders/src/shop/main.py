"""`shop.main`: `orders_service.main`, that very module."""

import sys

import orders_service.main

sys.modules[__name__] = sys.modules["orders_service.main"]
