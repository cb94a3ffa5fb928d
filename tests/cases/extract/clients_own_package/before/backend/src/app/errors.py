class ShopError(Exception):
    status = 400


class NotFound(ShopError):
    status = 404

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"no {kind} {name}")
        self.kind = kind
