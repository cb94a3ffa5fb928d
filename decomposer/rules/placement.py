"""A placement that a team gives: which context each file belongs to, as TOML or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from decomposer.model.problems import DecomposerError, Problem
from decomposer.rules.toml import Document


def read_placement(path: str, text: str) -> dict[str, str]:
    """The context of each file by its path; raises DecomposerError for anything else.

    `"services/jobs.py" = "computing"`, at the top or in a table `[placement]`; a JSON object of the same is as good.
    """
    data: Mapping[str, Any]
    if path.endswith(".json"):
        data = _json(path, text)
    else:
        document = Document(path, text)
        if document.problems:
            raise DecomposerError(document.problems)
        data = document.data
    found = data.get("placement", data)
    if not isinstance(found, dict) or not all(isinstance(context, str) for context in found.values()):
        raise DecomposerError(Problem(path, 0, "placement", "is no placement: it is to name a context for each path",
                                      'for example "services/jobs.py" = "computing"'))  # fmt: skip
    return dict(found)


def _json(path: str, text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise DecomposerError(Problem(path, line, "json-syntax", f"not valid JSON: {error}")) from None
    return data if isinstance(data, dict) else {"placement": None}
