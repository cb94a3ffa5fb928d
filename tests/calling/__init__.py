"""Tests of who calls the API."""
