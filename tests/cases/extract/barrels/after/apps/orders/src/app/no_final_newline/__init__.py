"""no_final_newline of the orders service."""
