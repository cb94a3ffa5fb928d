# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing: who knows the token is answered."""

from app.services import bills as services_bills
from backend_core.contracts import (
    services_bills as services_bills_contract,
    services_rates as services_rates_contract,
)
from backend_core.database import get_session as services_bills_session
from backend_core.internal_serving import Endpoints, session_of

endpoints = Endpoints("billing")
services_bills_raised: dict[type[Exception], str] = {}
services_rates_raised: dict[type[Exception], str] = {}


@endpoints.answers(services_bills_contract.OWED, services_bills_raised)
def services_bills_owed(asked: services_bills_contract.OwedAsked) -> object:
    """`owed` of app.services.bills."""
    with session_of(services_bills_session) as session:
        return asked.passed_to(services_bills.owed, session=session)
