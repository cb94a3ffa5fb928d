"""What a team starts with: findings that are known, and may only become fewer and smaller.

A finding is known while its size, added up over all of its subject, is no larger than recorded. An entry follows its
subject into another package: what comes after the last dot has to be the same, and the old name gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from decomposer.model.findings import Finding
from decomposer.model.problems import DecomposerError, Problem

FILE = "decompose-baseline.json"
"""Where it lies, unless another file is named."""


_TOLD = 5
"""So many of the errors are told that an update of the baseline does not take in."""


class Key(NamedTuple):
    """What an entry is known by."""

    check: str
    code: str
    subject: str


Baseline = Mapping[Key, int]
"""The size of each known finding."""


def read_baseline(path: str, content: bytes) -> Baseline:
    """The entries of a file; raises DecomposerError for what is none."""
    try:
        document = json.loads(content)
        if document["version"] != 1:
            raise ValueError
        return {Key(one["check"], one["code"], one["subject"]): int(one["size"]) for one in document["known"]}
    except (ValueError, KeyError, TypeError) as error:
        raise DecomposerError(Problem(path, 0, "no-baseline", "is not a baseline of this command",
                                      "remove it, and decompose check --update-baseline")) from error  # fmt: skip


def written(baseline: Baseline) -> bytes:
    """The file of some entries, in order."""
    known: list[dict[str, Any]] = [{**key._asdict(), "size": size} for key, size in sorted(baseline.items())]
    return (json.dumps({"version": 1, "known": known}, indent=1, ensure_ascii=False) + "\n").encode()


def compared(findings: Sequence[Finding], baseline: Baseline) -> tuple[list[Finding], list[Key]]:
    """The findings, each with whether it is known, and the entries of which nothing is left.

    One of which more was found than is known says how much was.
    """
    sizes = _sizes(findings)
    meant = _followed(sizes, baseline)
    known = {key for key, size in sizes.items() if key in meant and size <= baseline[meant[key]]}
    grown = {key: baseline[meant[key]] for key in sizes.keys() & meant.keys() - known}
    told = [replace(finding, is_known=_key(finding) in known, problem=_told(finding, sizes, grown))
            for finding in findings]  # fmt: skip
    return told, sorted(baseline.keys() - set(meant.values()))


def _told(finding: Finding, sizes: Mapping[Key, int], grown: Mapping[Key, int]) -> Problem:
    """The problem of a finding, with the figure that is known where it has grown since."""
    key = _key(finding)
    if key not in grown or finding.problem.severity != "error":
        return finding.problem
    more = f"the baseline knows {grown[key]:,}, and now it is {sizes[key]:,}"
    return replace(finding.problem, message=f"{finding.problem.message}: {more}")


def stays(findings: Sequence[Finding], baseline: Baseline, path: str) -> list[Problem]:
    """A warning for each error that a baseline does not know, some of many, and what can be done about them."""
    failing = [one.problem for one in compared(findings, baseline)[0] if one.fails]
    if not failing:
        return []
    count = f"{len(failing):,} errors stay" if failing[1:] else "an error stays"
    return [*(replace(problem, severity="warning") for problem in failing[:_TOLD]), Problem(
        path, 0, "only-shrinks", f"{count} that it does not know: a baseline only shrinks",
        "decompose check tells them all; mend them, or remove the file to begin anew", "warning",
    )]  # fmt: skip


def shrunk(findings: Sequence[Finding], baseline: Baseline) -> Baseline:
    """The entries of which something is left, each by its present name and no larger than it is now."""
    sizes = _sizes(findings)
    return {key: min(sizes[key], baseline[old]) for key, old in _followed(sizes, baseline).items()}


def begun(findings: Sequence[Finding]) -> Baseline:
    """An entry for every error."""
    return _sizes(findings)


def _sizes(findings: Iterable[Finding]) -> Counter[Key]:
    """How much there is of each error."""
    sizes: Counter[Key] = Counter()
    for finding in findings:
        if finding.problem.severity == "error":
            sizes[_key(finding)] += finding.size
    return sizes


def _key(finding: Finding) -> Key:
    return Key(finding.check, finding.problem.code, finding.subject)


def _followed(found: Iterable[Key], baseline: Baseline) -> dict[Key, Key]:
    """The entry of each finding that has one: the one of its name, else one of a subject that went elsewhere."""
    there = sorted(found)
    meant = {key: key for key in there if key in baseline}
    free: dict[Key, list[Key]] = {}
    for old in sorted(baseline.keys() - meant.keys()):
        free.setdefault(_tail(old), []).append(old)
    for key in there:
        if key not in meant and free.get(_tail(key)):
            meant[key] = free[_tail(key)].pop(0)
    return meant


def _tail(key: Key) -> Key:
    """A key without the packages of its module."""
    module, colon, rest = key.subject.partition(":")
    return key._replace(subject=f"{module.rpartition('.')[2]}{colon}{rest}")
