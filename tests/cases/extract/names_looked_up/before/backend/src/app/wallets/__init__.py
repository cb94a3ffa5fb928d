import importlib

from .fake import FakeWallet
from .void import VoidWallet

wallets_module = importlib.import_module("app.wallets")


def choose(kind: str) -> "type[FakeWallet]":
    return getattr(wallets_module, kind, FakeWallet)


__all__ = ["FakeWallet", "VoidWallet"]
