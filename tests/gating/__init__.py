"""Tests of what a pipeline asks."""
