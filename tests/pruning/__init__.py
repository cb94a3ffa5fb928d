"""What is dead, and how it is taken out."""
