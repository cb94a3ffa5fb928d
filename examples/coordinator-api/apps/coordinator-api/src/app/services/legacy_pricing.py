"""Prices as they were before bookings had a surcharge; nothing asks for them any more."""

from ..custom_types import Credits
from ..domain import Gpu
from .legacy_discounts import discount_for


def legacy_price(gpu: Gpu, hours: int) -> Credits:
    """Return the price of a booking by the hour with the discount for long ones."""
    return gpu.price_per_hour * hours * (100 - discount_for(hours)) // 100
