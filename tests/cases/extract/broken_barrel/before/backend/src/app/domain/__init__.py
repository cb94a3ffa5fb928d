from .gone import Market, Offer
from .job import Job
from .lost import Escrow, Payment

__all__ = ["Escrow", "Job", "Market", "Offer", "Payment"]
