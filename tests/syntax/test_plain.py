"""Files are compared whatever the modules that they name are called."""

from __future__ import annotations

import pytest

from decomposer.syntax.plain import same_but_for_names

PACKAGES = ("app", "payment")
BODY = """
import logging
from ..domain import Order, Bill
logger = logging.getLogger(__name__)

@task
def pay(order):
    from . import bills
    with patch("app.services.bills.total"):
        return bills.total(Order) + app.services.tax.RATE
"""
MOVED = """
import logging
from payment.domain import Order
from app.domain import Bill
logger = logging.getLogger("app.services.pay")

@task(name="app.services.pay.pay")
def pay(order):
    from payment.services import bills
    with patch("payment.services.bills.total"):
        return bills.total(Order) + payment.services.tax.RATE
"""


def test_a_file_that_moved_is_the_same() -> None:
    """Imports, dotted names, strings that name modules, and names that were kept may differ."""
    assert same_but_for_names(BODY.encode(), MOVED.encode(), PACKAGES)


@pytest.mark.parametrize(("old", "new"), [
    ("bills.total(Order)", "bills.total(Bill)"), ("tax.RATE", "tax.RATES"), ("def pay(order)", "def pay(order=None)"),
    ("bills.total\")", "bills.sum\")"), ("\n@task(name=\"app.services.pay.pay\")", ""), ("name=\"app.", "name=\"shop."),
])  # fmt: skip
def test_what_was_edited_is_not(old: str, new: str) -> None:
    """What a function does, a name, a decorator: each is a difference."""
    assert old in MOVED
    assert not same_but_for_names(BODY.encode(), MOVED.replace(old, new).encode(), PACKAGES)


def test_what_cannot_be_read_is_not_the_same() -> None:
    """Of what Python does not understand nothing is claimed."""
    assert not same_but_for_names(b"def", b"def ", PACKAGES)
