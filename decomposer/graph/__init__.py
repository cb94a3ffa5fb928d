"""Facts of single files linked into one graph; the only user of networkx (and only for its algorithms)."""
