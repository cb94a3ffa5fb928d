"""What a team settles of the monolith's end, written into its configuration, whose formatting stays as it is."""

from __future__ import annotations

import datetime

from decomposer.model.config import Finish


def with_finish(path: str, text: str, finish: Finish) -> str:
    """The text of a configuration, or of a new one, that says how the monolith ends."""
    import tomlkit

    document = tomlkit.parse(text)
    holder = document
    if path.endswith("pyproject.toml"):
        holder = document.setdefault("tool", tomlkit.table(True)).setdefault("decompose", tomlkit.table())
    table = holder.setdefault("finish", tomlkit.table())
    for key in ("deprecated", "sunset"):
        day = getattr(finish, key)
        if day and str(table.get(key, "")) != day:
            table[key] = datetime.date.fromisoformat(day)
    if finish.retired and list(table.get("retired", ())) != list(finish.retired):
        table["retired"] = list(finish.retired)
    return tomlkit.dumps(document)
