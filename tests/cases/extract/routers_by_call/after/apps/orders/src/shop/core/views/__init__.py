"""core.views of the orders service."""
