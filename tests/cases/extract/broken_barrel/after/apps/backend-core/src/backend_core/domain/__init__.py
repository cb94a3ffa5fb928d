from .job import Job
from .lost import Escrow, Payment

__all__ = ["Escrow", "Job", "Payment"]
