from app.database import ROWS


def place() -> int:
    ROWS.append(1)
    return len(ROWS)
