"""Tests of how services and files get below their limits."""
