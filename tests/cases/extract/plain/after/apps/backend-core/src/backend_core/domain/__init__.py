"""The tables."""


__all__ = []
