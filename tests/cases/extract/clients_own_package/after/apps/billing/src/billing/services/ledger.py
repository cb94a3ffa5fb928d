from sqlmodel import Session, text


def booked(session: Session, name: str) -> int:
    return int(session.execute(text("SELECT 1")).scalar_one()) + len(name)


class Ledger:
    def __init__(self, session: Session) -> None:
        self.session = session

    def size(self) -> int:
        return int(self.session.execute(text("SELECT 3")).scalar_one())
