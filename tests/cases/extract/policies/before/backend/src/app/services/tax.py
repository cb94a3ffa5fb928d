RATE = 2


def with_tax(sum: int) -> int:
    return sum * RATE
