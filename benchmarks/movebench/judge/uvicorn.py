"""As much of uvicorn as finds what is to be served."""

from __future__ import annotations

from typing import Any

import moved

served: list[object] = []


def run(app: Any, **_: Any) -> None:
    """Remembers what would be served."""
    served.append(moved.resolve(app) if isinstance(app, str) else app)
