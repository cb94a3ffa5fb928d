"""`app.core.config`: the shared core's `backend_core.config`, that very module."""

import sys

import backend_core.config  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.config"]
