"""Everything that the requirements of some distributions bring with them."""

from __future__ import annotations

import re
from importlib import metadata

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?$", re.S)
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]*)['"]""")


class Closure:
    """What can be imported where nothing but these distributions and their requirements is installed.

    `modules` are top-level names, `versions` what is installed of each, `requirements` those declared directly,
    `missing` what is not installed here, and `repository` what the repository itself builds of `built`. Markers of the
    environment count as true.
    """

    def __init__(self, names, built=()):
        self.modules = set()
        self.versions = {}
        self.requirements = []
        self.missing = set()
        self.repository = set()
        self._built = {normalised(name) for name in built}
        self._seen = set()
        for name in names:
            self._add(name, frozenset(), True)

    def _add(self, name, extras, direct):
        key = (normalised(name), extras)
        if key in self._seen:
            return
        self._seen.add(key)
        if key[0] in self._built and not direct:
            self.repository.add(key[0])
            return
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            self.missing.add(normalised(name))
            return
        self.versions[key[0]] = distribution.version or ""
        self.modules |= provided(distribution)
        for requirement in distribution.requires or ():
            match = _REQUIREMENT.match(requirement)
            if match is None:
                continue
            wanted = _EXTRA.search(match.group(4) or "")
            if wanted is None or normalised(wanted.group(1)) in extras:
                if direct:
                    self.requirements.append(requirement)
                brought = frozenset(normalised(extra) for extra in (match.group(2) or "").split(",") if extra.strip())
                self._add(match.group(1), brought, False)


def provided(distribution):
    """The top-level names that a distribution installs."""
    found = set()
    text = distribution.read_text("top_level.txt")
    if text:
        found.update(line.strip() for line in text.splitlines() if line.strip())
    for file in distribution.files or ():
        first = file.parts[0]
        if first.endswith((".dist-info", ".egg-info", ".data")) or first in ("..", "__pycache__"):
            continue
        found.add(first.partition(".")[0] if len(file.parts) == 1 else first)
    name = (distribution.metadata["Name"] or "").replace("-", "_")
    return {*found, name, name.lower()}  # an editable install lists no modules


def normalised(name):
    """A name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
