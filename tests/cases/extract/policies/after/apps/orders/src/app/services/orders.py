from app.domain.bill import Bill
from app.services.bills import total
from backend_core.services.tax import RATE, with_tax


def place() -> int:
    return with_tax(total()) * RATE + len(Bill.__name__)
