"""The disk, the cache and the worker processes: everything that touches the world outside."""
