"""The coordinator: agents, jobs and payments of a small compute network in one process."""

__version__ = "1.4.0"
