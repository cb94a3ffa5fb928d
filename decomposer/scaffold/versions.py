"""Which Pythons one project runs on and another does not."""

from __future__ import annotations

import re


def uncovered(wide: str, narrow: str) -> str:
    """A version of Python that one requirement allows and another does not, the lowest; "" for none, or unread ones."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import Version

    try:
        outer, inner = SpecifierSet(wide), SpecifierSet(narrow)
    except InvalidSpecifier:
        return ""
    named = {found for text in (wide, narrow) for found in re.findall(r"\d+(?:\.\d+)+", text)}
    minors = {f"3.{minor}" for minor in range(6, 25)} | {"4.0"}
    candidates = sorted({Version(v) for one in (*named, *minors) for v in (one, f"{one}.0", f"{one}.99")})
    return next((str(version) for version in candidates if version in outer and version not in inner), "")
