"""Which context owns each table, and everything that crosses from one's tables to another's."""
