"""`app.tasks.registry`: `orders_service.tasks.registry`, that very module."""

import sys

del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import orders_service.tasks.registry  # noqa: E402, F401

sys.modules[__name__] = sys.modules["orders_service.tasks.registry"]
