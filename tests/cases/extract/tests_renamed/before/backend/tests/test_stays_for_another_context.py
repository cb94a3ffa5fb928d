from app.services import place, total


def test_both() -> None:
    assert place() == total()
