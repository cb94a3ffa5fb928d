"""remark of the orders service."""
