"""The services; those that everybody wants are handed out from here, loaded when first asked for."""

from importlib import import_module
from typing import Any

__all__ = ["ExplorerService", "GpuReport", "JobService", "MinerService"]

_MODULE_BY_EXPORT = {
    "ExplorerService": ".explorer",
    "GpuReport": ".gpu_report",
    "JobService": ".jobs",
    "MinerService": ".miners",
}


def __getattr__(name: str) -> Any:
    """Load the module that defines `name` and remember the class."""
    module = _MODULE_BY_EXPORT.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(module, __name__), name)
    globals()[name] = value
    return value
