"""Templates rendered with Jinja, strictly: an unknown name is an error, never an empty string."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def renderer(*folders: Path) -> Callable[..., str]:
    """A function `(name, **values) -> text`; a template in an earlier folder goes before a later one's."""
    environment = _environment(tuple(map(str, folders)))

    def render(name: str, **values: object) -> str:
        return environment.get_template(name).render(**values)

    return render


@cache  # it keeps compiled templates, which many steps render, and looks whether their files are as they were
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(list(folders)), undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    # JSON's strings are Python's and TOML's too, but for one character that TOML wants escaped.
    environment.filters["code"] = "`{}`".format
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return environment
