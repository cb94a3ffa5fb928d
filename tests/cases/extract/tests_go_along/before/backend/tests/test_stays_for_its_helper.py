from helpers import twice

from app.services.orders import place


def test_twice() -> None:
    assert twice(place()) == 2
