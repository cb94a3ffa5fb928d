"""Contracts: deploying code, calling it by leaving a link on the chain."""

from sqlmodel import Session, select

import app.utils.hashing

from ..domain import ChainTransaction, Contract
from ..exceptions import Conflict, NotFound
from .transaction_service import append

ESCROW_CODE = "hold(payment); release(payment) | refund(payment)"


class ContractService:
    """The contracts on the chain."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def deploy(self, name: str, code: str, deployer_id: str | None = None) -> Contract:
        """Put code on the chain; its address follows from its name and its text."""
        address = "0x" + app.utils.hashing.short_digest([name, code], 40)
        if self.session.exec(select(Contract).where(Contract.address == address)).first():
            raise Conflict(f"{name} is deployed at {address} already")
        contract = Contract(
            name=name, address=address, code_digest=app.utils.hashing.digest(code), deployer_id=deployer_id
        )
        self.session.add(contract)
        self.session.flush()
        append(self.session, f"deploy {name}", contract_id=contract.id)
        return contract

    def get(self, contract_id: str) -> Contract:
        """Return a contract, or raise `NotFound`."""
        contract = self.session.get(Contract, contract_id)
        if contract is None:
            raise NotFound("contract", contract_id)
        return contract

    def call(self, contract_id: str, method: str) -> ChainTransaction:
        """Leave a call on the chain."""
        contract = self.get(contract_id)
        return append(self.session, f"{contract.name}.{method}()", contract_id=contract.id)

    def escrow_contract(self) -> Contract:
        """Return the contract that keeps escrows, deployed when first needed."""
        known = self.session.exec(select(Contract).where(Contract.name == "escrow")).first()
        return known or self.deploy("escrow", ESCROW_CODE)
