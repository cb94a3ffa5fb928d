"""Wallets: what is in them, and moving it."""

from sqlmodel import Session, select

from ..custom_types import Credits
from ..domain import Wallet
from ..exceptions import Conflict, NotAllowed, NotFound
from ..schemas import WalletRead

WELCOME: Credits = 0
"""What a new wallet starts with."""


class WalletService:
    """The wallets of all users."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def open(self, user_id: str) -> WalletRead:
        """Return the wallet of a user, which is created if there is none."""
        wallet = self.session.exec(select(Wallet).where(Wallet.user_id == user_id)).first()
        if wallet is None:
            wallet = Wallet(user_id=user_id, balance=WELCOME)
            self.session.add(wallet)
            self.session.commit()
        return WalletRead.model_validate(wallet)

    def get(self, wallet_id: str) -> Wallet:
        """Return a wallet, or raise `NotFound`."""
        wallet = self.session.get(Wallet, wallet_id)
        if wallet is None:
            raise NotFound("wallet", wallet_id)
        return wallet

    def owned(self, wallet_id: str, user_id: str) -> Wallet:
        """Return a wallet of this user, or raise `NotAllowed`."""
        wallet = self.get(wallet_id)
        if wallet.user_id != user_id:
            raise NotAllowed("this wallet belongs to somebody else")
        return wallet

    def deposit(self, wallet_id: str, amount: Credits) -> WalletRead:
        """Put credits in from outside."""
        wallet = self.credit(wallet_id, amount)
        self.session.commit()
        return WalletRead.model_validate(wallet)

    def credit(self, wallet_id: str, amount: Credits) -> Wallet:
        """Put credits in; the caller commits."""
        wallet = self.get(wallet_id)
        wallet.balance += amount
        return wallet

    def debit(self, wallet_id: str, amount: Credits) -> Wallet:
        """Take credits out; the caller commits."""
        wallet = self.get(wallet_id)
        if wallet.balance < amount:
            raise Conflict(f"{wallet_id} has {wallet.balance}, needs {amount}")
        wallet.balance -= amount
        return wallet
