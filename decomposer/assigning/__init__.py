"""Rules, facts and graph to owners: each file's context with its reason, conflicts as problems."""
