"""Prices as they were before bookings had a surcharge; nothing asks for them any more."""

from ..custom_types import Credits
from ..domain import Gpu

DISCOUNTS = {24: 5, 168: 12, 720: 20}
"""From how many hours on a booking was how many percent cheaper."""


def legacy_price(gpu: Gpu, hours: int) -> Credits:
    """Return the price of a booking by the hour with the discount for long ones."""
    percent = max((off for least, off in DISCOUNTS.items() if hours >= least), default=0)
    return gpu.price_per_hour * hours * (100 - percent) // 100
