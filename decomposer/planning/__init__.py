"""Assignment to phases and moves: what goes where, in which order, and what must wait."""
