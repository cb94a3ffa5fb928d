ROWS: list[int] = []


def reset() -> None:
    ROWS.clear()
