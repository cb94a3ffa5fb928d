"""Tests of who owns the data."""
