"""Contracts as files: what the command `contract` needs, wired together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import locate

if TYPE_CHECKING:
    from decomposer.model.compatibility import Compatibility


def diff(before: Path, after: Path) -> Compatibility:
    """Every change from one OpenAPI document to another; raises DecomposerError for a file that is none."""
    from decomposer.checks.compatibility import compatibility

    return compatibility(_document(before), _document(after))


def _document(path: Path) -> dict[str, Any]:
    content = locate.read_given(path)
    try:
        document = json.loads(content)
    except ValueError as error:
        raise _refusal(path, f"is no JSON: {error}") from error
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise _refusal(path, "is no OpenAPI document of version 3")
    return document


def _refusal(path: Path, why: str) -> DecomposerError:
    return DecomposerError(Problem(str(path), 0, "not-openapi", why, "name two OpenAPI documents as JSON"))
