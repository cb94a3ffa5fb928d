from pathlib import Path

from orders.services.orders import place


def test_folder() -> None:
    assert Path(__file__).parent.name == "tests" and place()
