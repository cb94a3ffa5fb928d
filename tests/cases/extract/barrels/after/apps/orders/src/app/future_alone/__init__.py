from __future__ import annotations  # first of all
