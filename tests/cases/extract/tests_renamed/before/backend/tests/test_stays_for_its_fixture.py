from app.services.orders import place


def test_what_is_billed_is_not_ordered(billed: int) -> None:
    assert place() == billed
