"""Templates rendered with Jinja, strictly: an unknown name is an error, never an empty string."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def renderer(*folders: Path) -> Callable[..., str]:
    """A function `(name, **values) -> text`; a template in an earlier folder goes before a later one's."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]), undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    # JSON's strings are Python's and TOML's too, but for one character that TOML wants escaped.
    environment.filters["code"] = "`{}`".format
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    def render(name: str, **values: object) -> str:
        return environment.get_template(name).render(**values)

    return render
