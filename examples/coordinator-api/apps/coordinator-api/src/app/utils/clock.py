"""The time, in one place so that tests can stop it."""

from datetime import UTC, datetime, timedelta


def utcnow() -> datetime:
    """Return the current time in UTC, without a zone, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def in_days(days: int) -> datetime:
    """Return the moment `days` days from now."""
    return utcnow() + timedelta(days=days)
