from sqlmodel import Session, text

from .orders import open_orders


def owed(session: Session, who: str) -> int:
    return int(session.execute(text("SELECT 2")).scalar_one()) * len(who)


def reminders(who: str) -> list[str]:
    return [f"{who} has ordered {one}" for one in open_orders(who)]
