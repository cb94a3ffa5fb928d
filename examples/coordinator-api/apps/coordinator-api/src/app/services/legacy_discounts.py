"""Discounts for long bookings; only the prices of old ask for them."""

DISCOUNTS = {24: 5, 168: 12, 720: 20}
"""From how many hours on a booking was how many percent cheaper."""


def discount_for(hours: int) -> int:
    """Return by how many percent a booking of so many hours is cheaper."""
    return max((off for least, off in DISCOUNTS.items() if hours >= least), default=0)
