"""Limits."""


class Limit:
    """Lets everything through."""

    def __init__(self, app):
        self.app = app
