"""What leads to the monolith, or runs it, made to do without it: nginx, the compose file, its unit, its scrape job."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from msgspec.structs import replace as struct_replace

from decomposer.changeset import Planned, Write, build_changeset
from decomposer.extracting.called_there import called_there
from decomposer.extracting.scaffolding import scaffolding
from decomposer.extracting.served import entry_names, route_problems
from decomposer.finishing.ending import Ending
from decomposer.model.finishing import Mark, Standing
from decomposer.model.problems import Problem
from decomposer.model.steps import RETIRABLE
from decomposer.planning.codebase import HEALTH
from decomposer.scaffold.calls import callers
from decomposer.scaffold.monolith import RETIRED

WHAT: Mapping[str, str] = {
    "nginx": "every request goes to a service, and nobody stands in for one",
    "compose": "the monolith's entry in the compose file is not started",
    "systemd": "the monolith's unit is kept under a name that systemd does not find",
    "prometheus": "the monolith is not scraped",
}
"""What comes of each step."""


def standing(ending: Ending, target: str) -> Standing:
    """How a step stands."""
    if target in ending.finish.retired:
        left = tuple(still_there(ending, target))
        return Standing(target, WHAT[target], Mark.OPEN if left else Mark.DONE, left)
    planned = plan(ending, target)
    is_known = ending.finish.rest in ending.contexts and not ending.left_inside()
    if is_known and [change.path for change in planned.change_set.changes] == [ending.configuration]:
        return Standing(target, WHAT[target], Mark.NOTHING)
    errors = tuple(problem for problem in planned.problems if problem.severity == "error")
    return Standing(target, WHAT[target], Mark.BLOCKED if errors else Mark.OPEN, errors)


def plan(ending: Ending, target: str) -> Planned:
    """The change after which what a target renders does without the monolith, and what is in its way."""
    tree, finish = ending.tree, ending.finish
    inside = ending.left_inside()
    problems = [*inside] or list(no_rest(ending))
    problems += _before_nginx(ending) if target == "nginx" else after_nginx(ending)
    after, written = _with(ending, {*finish.retired, target})
    writes: list[Write] = [written]
    lines: tuple[str, ...] = ()
    if finish.rest in ending.contexts and not inside:
        rendered, told, lines = _rendered(after, target)
        writes += rendered
        problems += [one for one in told if one.severity == "error" or target != "nginx"]
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    stops = any(problem.severity == "error" for problem in problems)
    return Planned(change_set, tuple(sorted(set(problems))), () if stops else (*lines, *_next(ending, target)))


def still_there(ending: Ending, target: str) -> Iterator[Problem]:
    """A warning for each file that has the monolith in it, though the configuration says that a target does without.

    What is rendered without it differs from the file, and from what is rendered with it.
    """
    tree, retired = ending.tree, {*ending.finish.retired}
    if ending.left_inside() or ending.finish.rest not in ending.contexts:
        yield from ending.left_inside() or no_rest(ending)
        return
    without = {write.path: write.content for write in _rendered(_with(ending, retired)[0], target)[0]}
    differing = {path: content for path, content in without.items() if tree.read(path) != content}
    if not differing:
        return
    there = {write.path: write.content for write in _rendered(_with(ending, retired - {target})[0], target)[0]}
    for path, content in sorted(differing.items()):
        now = tree.read(path)
        if now is not None and there.get(path, now) != content:
            yield Problem(path, _first_difference(now, content or b""), "not-retired", f"has the monolith, though "
                          f"{ending.configuration} says that {target} does without it", f"decompose finish {target}",
                          "warning")  # fmt: skip


def _first_difference(one: bytes, other: bytes) -> int:
    """The first line of a text that another one has not, or 0 for a text that goes altogether."""
    pairs = zip(one.splitlines(), [*other.splitlines(), *[None] * one.count(b"\n")], strict=False)
    return next((line for line, (mine, theirs) in enumerate(pairs, 1) if mine != theirs), 0) if other else 0


def _with(ending: Ending, retired: Collection[str]) -> tuple[Ending, Write]:
    """The same when these targets do without the monolith, and the configuration that says so."""
    names = tuple(one for one in RETIRABLE if one in retired)
    return ending.settled(struct_replace(ending.finish, retired=names))


def _rendered(ending: Ending, target: str) -> tuple[list[Write], list[Problem], tuple[str, ...]]:
    """What a target renders as it is settled, what to know of it, and who asks elsewhere from then on."""
    if target == "nginx" and ending.finish.has_ended and callers(ending.system):
        return called_there(ending.tree, ending.contexts, ending.way)
    rendered, told = scaffolding(ending.tree, ending.contexts, (), replace(ending.way, targets=(target,)))
    return rendered, told, ()


def no_rest(ending: Ending) -> Iterator[Problem]:
    """Errors where nobody answers what the monolith itself does."""
    tree, rest = ending.tree, ending.finish.rest
    own = [one for one in ending.system.operations if not one.context and one.path not in HEALTH]
    more = f" and {len(own) - 1} more" if len(own) > 1 else ""
    what = f"{own[0].method} {own[0].path}{more}" if own else "what has no owner"
    if rest not in ending.contexts:
        said = f"`{rest}` is no context that has left" if rest else f"nobody answers {what} without the monolith"
        yield Problem(ending.configuration, 0, "no-rest", said, "name who does: [finish] rest = \"CONTEXT\", then "
                      "decompose extract CONTEXT")  # fmt: skip
        return
    lost = [problem for problem in route_problems(tree, rest, {}, entry_names(tree, rest))
            if problem.code == "route-lost"]  # fmt: skip
    if lost:
        yield Problem(lost[0].path, lost[0].line, "no-rest", f"{rest} does not answer {what} yet",
                      f"decompose extract {rest}")  # fmt: skip


def _before_nginx(ending: Ending) -> Iterator[Problem]:
    """What has to be so before nginx leads nowhere else: each service is verified, and has all of its traffic."""
    for name in ending.contexts:
        if name not in ending.verified:
            yield Problem(ending.tree.config.service(name), 0, "not-verified", f"`{name}` has no certificate that "
                          "holds for the files as they are now", f"decompose verify {name}")  # fmt: skip
        if ending.routed.get(name, 100) < 100:
            yield Problem(name, 0, "not-routed", f"only {ending.routed[name]} % of its clients go to its service",
                          f"decompose route {name} --to service")  # fmt: skip


def after_nginx(ending: Ending) -> Iterator[Problem]:
    """An error while nginx still leads to the monolith."""
    is_there = any(path.endswith("/flags/.gitignore") for path in ending.tree.everything)
    if is_there and not ending.finish.has_ended:
        yield Problem(ending.configuration, 0, "nginx-first", "nginx still leads to the monolith",
                      "decompose finish nginx")  # fmt: skip


def _next(ending: Ending, target: str) -> Iterator[str]:
    monolith = ending.system.monolith
    if target == "nginx":
        yield "nginx takes the new configuration when it is told to: nginx -t && nginx -s reload"
        yield "next: decompose smoke, and nothing but services behind nginx"
    elif target == "compose":
        yield f"to start the monolith all the same: docker compose --profile retired up {monolith.name}"
    elif target == "systemd" and monolith.unit:
        name = monolith.unit.rpartition("/")[2].removesuffix(RETIRED)
        yield f"on the machine: systemctl disable --now {name}, then systemctl daemon-reload"
