"""The routers."""

