"""bom_docstring of the orders service."""
