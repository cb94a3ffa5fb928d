"""Ours already."""
