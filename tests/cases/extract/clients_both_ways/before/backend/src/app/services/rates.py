class Rates:
    """Rates of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
