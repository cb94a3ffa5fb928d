"""The chain itself: every link covers the one before it."""

from sqlmodel import Session, col, select  # noqa: I001

import app.utils.clock, app.utils.hashing  # noqa: E401

from ..domain import ChainTransaction
from ..exceptions import NotFound
from ..schemas import LinkRead
from .blockchain_context import GENESIS, BlockchainContext


def link_digest(height: int, memo: str, previous: str) -> str:
    """Return the digest of one link."""
    return app.utils.hashing.digest([height, memo, previous])


def append(
    session: Session, memo: str, contract_id: str | None = None, payment_id: str | None = None
) -> ChainTransaction:
    """Add a link at the head of the chain."""
    head = BlockchainContext(session).head()
    height, previous = (head.height + 1, head.digest) if head else (1, GENESIS)
    link = ChainTransaction(
        height=height,
        contract_id=contract_id,
        payment_id=payment_id,
        memo=memo,
        previous=previous,
        digest=link_digest(height, memo, previous),
        created_at=app.utils.clock.utcnow(),
    )
    session.add(link)
    session.commit()
    return link


def get(session: Session, transaction_id: str) -> LinkRead:
    """Return a link, or raise `NotFound`."""
    link = session.get(ChainTransaction, transaction_id)
    if link is None:
        raise NotFound("transaction", transaction_id)
    return LinkRead.model_validate(link)


def broken_at(session: Session) -> int | None:
    """Return the height of the first link that does not fit, or None for a sound chain."""
    previous = GENESIS
    for link in session.exec(select(ChainTransaction).order_by(col(ChainTransaction.height))):
        if link.previous != previous or link.digest != link_digest(link.height, link.memo, previous):
            return link.height
        previous = link.digest
    return None
