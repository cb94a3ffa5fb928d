"""code_without_final_newline of the orders service."""
