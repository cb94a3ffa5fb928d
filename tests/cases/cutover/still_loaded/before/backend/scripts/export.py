"""Prints orders."""

from app.services.orders import find

print(find(1))
