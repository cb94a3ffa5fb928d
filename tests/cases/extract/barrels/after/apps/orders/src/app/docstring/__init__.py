"""What is here,
in two lines."""
