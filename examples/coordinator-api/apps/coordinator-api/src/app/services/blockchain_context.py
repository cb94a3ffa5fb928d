"""What the other modules of the chain need to know about it: its head, its height, its node."""

from sqlmodel import Session, col, select

import app.config as app_config

from ..domain import ChainTransaction

try:
    from .chain_rpc import RpcClient  # only on hosts that run a node of their own
except ImportError:
    RpcClient = None

GENESIS = "0" * 64


class BlockchainContext:
    """The chain as of now."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def head(self) -> ChainTransaction | None:
        """Return the newest link, or None while the chain is empty."""
        newest = select(ChainTransaction).order_by(col(ChainTransaction.height).desc())
        return self.session.exec(newest).first()

    def status(self) -> dict[str, object]:
        """Return height, head and how the node is reached."""
        head = self.head()
        url = app_config.settings.rpc_url
        return {
            "height": head.height if head else 0,
            "head": head.digest if head else GENESIS,
            "node": RpcClient(url).version() if RpcClient is not None and url else "embedded",
        }
