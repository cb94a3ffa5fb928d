# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing: who knows the token is answered."""

from app.services import bills as services_bills
from backend_core.contracts import services_bills as services_bills_contract
from backend_core.internal_serving import Endpoints

endpoints = Endpoints("billing")
services_bills_raised: dict[type[Exception], str] = {}


@endpoints.answers(services_bills_contract.TOTAL, services_bills_raised)
def services_bills_total(asked: services_bills_contract.TotalAsked) -> object:
    """`total` of app.services.bills."""
    return asked.passed_to(services_bills.total)
