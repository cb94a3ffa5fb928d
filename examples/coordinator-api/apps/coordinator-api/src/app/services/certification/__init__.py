"""Certificates for agents."""

from .badge_system import LEVELS, badge_for
from .certification_system import CertificationSystem

__all__ = ["LEVELS", "CertificationSystem", "badge_for"]
