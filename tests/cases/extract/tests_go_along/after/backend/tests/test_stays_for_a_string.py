from app.services.orders import place


def test_string(monkeypatch) -> None:
    monkeypatch.setattr("app.services.bills.total", place)
