"""What must hold, and how far it does: limits, cycles, reach, coupling."""
