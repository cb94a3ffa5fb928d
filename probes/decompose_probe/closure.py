"""Everything that the requirements of some distributions bring with them."""

from __future__ import annotations

import re
from importlib import metadata

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?$", re.S)
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]*)['"]""")

_MODULES = (".py", ".so", ".pyd")


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


def providers():
    """The normalised names of the distributions that have each top-level name, of all that is installed.

    Of names that several have, as `google`, the next two levels are told too.
    """
    installed = [(normalised(one.metadata["Name"]), one) for one in metadata.distributions() if one.metadata["Name"]]
    found = {}
    for name, distribution in installed:
        for top in listed(distribution) or {distribution.metadata["Name"].replace("-", "_")}:
            found.setdefault(top, set()).add(name)
    shared = {top for top, names in found.items() if len(names) > 1}
    for name, distribution in installed:
        for file in distribution.files or ():
            if file.parts[0] in shared and file.suffix in _MODULES:
                parts = [*file.parts[:-1], *([] if file.stem == "__init__" else [file.name.partition(".")[0]])]
                for count in (2, 3):
                    if len(parts) >= count:
                        found.setdefault(".".join(parts[:count]), set()).add(name)
    return {name: sorted(names) for name, names in sorted(found.items())}


def provided(distribution):
    """The top-level names that a distribution installs, and those that an editable one may, which lists no modules."""
    name = (distribution.metadata["Name"] or "").replace("-", "_")
    return {*listed(distribution), name, name.lower()}


def listed(distribution):
    """The top-level names that a distribution says it installs."""
    found = set()
    text = distribution.read_text("top_level.txt")
    if text:
        found.update(line.strip() for line in text.splitlines() if line.strip())
    for file in distribution.files or ():
        first = file.parts[0]
        if first.endswith((".dist-info", ".egg-info", ".data")) or first in ("..", "__pycache__"):
            continue
        if len(file.parts) > 1 or (file.suffix in _MODULES and not first.startswith("__editable__")):
            found.add(first.partition(".")[0] if len(file.parts) == 1 else first)
    return found


def normalised(name):
    """A name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
