"""What each service needs to run; one file per rendered target."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from decomposer.scaffold import pyproject
from decomposer.scaffold.service import Service

TARGETS: Mapping[str, Callable[[Service, Callable[..., str]], tuple[str, str]]] = {
    "pyproject": pyproject.render,
}
"""Every target by name: it gives the path below the service's folder and the text, from a template renderer."""
