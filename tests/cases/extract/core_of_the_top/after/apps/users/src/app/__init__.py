"""The shop."""

