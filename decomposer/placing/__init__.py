"""A better placement of the files: the team's rules, and the smallest set of changes to them that is worth it."""
