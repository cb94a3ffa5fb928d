"""What the shop is about."""


__all__ = []
