from .gone import Market, Offer
from backend_core.domain.job import Job
from .lost import Escrow, Payment

__all__ = ["Escrow", "Job", "Market", "Offer", "Payment"]
