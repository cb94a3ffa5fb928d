# decompose: copy of apps/carts/src/app/sales/carts.py, carried until a client replaces it: change it there
# sha256 90ebb34585fa5347eaf97725aedf681489e0749c0dcaefeabba0b60c76e278ff
"""Finds carts."""


def find(number: int) -> dict[str, int]:
    """The cart of that number."""
    return {"number": number}
