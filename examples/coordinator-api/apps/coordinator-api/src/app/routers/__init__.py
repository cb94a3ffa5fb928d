"""The routers by name; what is called like its module here is the router, not the module."""

from .admin import router as admin
from .agent_marketplace import router as agent_marketplace
from .agent_router import router as agent_router
from .analytics import router as analytics
from .blockchain import router as blockchain
from .client import router as client
from .marketplace_gpu import router as marketplace_gpu
from .miner import router as miner
from .payments import router as payments

__all__ = [
    "admin",
    "agent_marketplace",
    "agent_router",
    "analytics",
    "blockchain",
    "client",
    "marketplace_gpu",
    "miner",
    "payments",
]
