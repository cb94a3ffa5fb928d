"""`app.core.database`: the shared core's `backend_core.database`, that very module."""

import sys

import backend_core.database  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.database"]
