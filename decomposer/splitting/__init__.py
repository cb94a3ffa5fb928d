"""How a long module falls into cohesive ones, and the writes that carry it out."""
