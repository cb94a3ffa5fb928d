"""future_alone of the orders service."""
