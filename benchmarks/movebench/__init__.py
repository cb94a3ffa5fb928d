"""A benchmark of references to a moved module: small programs that pass before the move and must pass after."""
