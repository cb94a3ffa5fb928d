"""Checksums, which only this file uses."""

from app.utils.checksums import checksum


def test_checksums_fit_into_a_byte() -> None:
    """They wrap around."""
    assert 4 == checksum(bytes([250, 10]))
