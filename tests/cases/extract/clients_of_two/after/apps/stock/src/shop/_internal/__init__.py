"""What other services call here."""
