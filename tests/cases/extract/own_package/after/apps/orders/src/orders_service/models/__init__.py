"""What the shop is about."""

from .order import Order

__all__ = ["Order"]

from typing import TYPE_CHECKING  # noqa: E402

if TYPE_CHECKING:
    from backend_core.domain.bill import Bill as Bill
