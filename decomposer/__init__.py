"""`decompose`: splits a large FastAPI monolith into bounded-context services and proves that nothing broke."""

__version__ = "0.1.0"
