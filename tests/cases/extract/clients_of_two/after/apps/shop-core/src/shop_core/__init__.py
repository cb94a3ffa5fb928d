"""shop_core of the shared core."""
