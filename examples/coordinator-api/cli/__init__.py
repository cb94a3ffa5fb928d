"""Programs for people who use a coordinator."""
