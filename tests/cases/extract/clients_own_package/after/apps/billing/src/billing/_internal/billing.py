# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing: who knows the token is answered."""

from billing.services import bills as services_bills, ledger as services_ledger
from backend_core.contracts import (
    services_bills as services_bills_contract,
    services_ledger as services_ledger_contract,
)
from backend_core.database import get_session as services_ledger_session
from backend_core.internal_serving import Endpoints, session_of

endpoints = Endpoints("billing")
services_bills_raised: dict[type[Exception], str] = {
    services_bills_contract.NotFound: "NotFound",
    services_bills.Unpaid: "Unpaid",
}
services_ledger_raised: dict[type[Exception], str] = {}


@endpoints.answers(services_bills_contract.BILLER_KINDS, services_bills_raised)
def services_bills_Biller_kinds(
    asked: services_bills_contract.BillerKindsAsked,
) -> object:
    """`Biller.kinds` of billing.services.bills."""
    return asked.passed_to(services_bills.Biller.kinds)


@endpoints.answers(services_bills_contract.BILLER_RATED, services_bills_raised)
def services_bills_Biller_rated(
    asked: services_bills_contract.BillerRatedAsked,
) -> object:
    """`Biller.rated` of billing.services.bills."""
    made = asked.made_with.passed_to(services_bills.Biller)
    return asked.passed_to(made.rated)


@endpoints.answers(services_bills_contract.COUNTER_ADD, services_bills_raised)
def services_bills_counter_add(
    asked: services_bills_contract.CounterAddAsked,
) -> object:
    """`counter.add` of billing.services.bills."""
    return asked.passed_to(services_bills.counter.add)


class services_bills_IssueAnswer(services_bills_contract.IssueAnswer):
    """The same with the owner's own classes."""

    value: services_bills.Bill


@endpoints.answers(
    services_bills_contract.ISSUE,
    services_bills_raised,
    answer=services_bills_IssueAnswer,
)
async def services_bills_issue(asked: services_bills_contract.IssueAsked) -> object:
    """`issue` of billing.services.bills."""
    return await asked.passed_to(services_bills.issue)


@endpoints.answers(services_bills_contract.LABELS, services_bills_raised)
def services_bills_labels(asked: services_bills_contract.LabelsAsked) -> object:
    """`labels` of billing.services.bills."""
    return asked.passed_to(services_bills.labels)


@endpoints.answers(services_bills_contract.TOTAL, services_bills_raised)
def services_bills_total(asked: services_bills_contract.TotalAsked) -> object:
    """`total` of billing.services.bills."""
    return asked.passed_to(services_bills.total)


@endpoints.answers(services_ledger_contract.LEDGER_SIZE, services_ledger_raised)
def services_ledger_Ledger_size(
    asked: services_ledger_contract.LedgerSizeAsked,
) -> object:
    """`Ledger.size` of billing.services.ledger."""
    with session_of(services_ledger_session) as session:
        made = asked.made_with.passed_to(services_ledger.Ledger, session=session)
        return asked.passed_to(made.size)


@endpoints.answers(services_ledger_contract.BOOKED, services_ledger_raised)
def services_ledger_booked(asked: services_ledger_contract.BookedAsked) -> object:
    """`booked` of billing.services.ledger."""
    with session_of(services_ledger_session) as session:
        return asked.passed_to(services_ledger.booked, session=session)
