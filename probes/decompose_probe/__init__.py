"""What `decompose verify` runs in the interpreter of the analysed code: standard library only, Python 3.9 or newer."""
