"""`shop.services.bills`: `billing_service.services.bills`, that very module."""

import sys

import billing_service.services.bills

sys.modules[__name__] = sys.modules["billing_service.services.bills"]
