"""Named."""
