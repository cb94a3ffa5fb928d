"""services.sales of the orders service."""
