"""One vector out of several modalities."""

from .fusion_engine import FusionEngine
from .strategies import STRATEGIES

__all__ = ["STRATEGIES", "FusionEngine"]
