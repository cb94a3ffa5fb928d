"""The monolith and its services asked the same, each on a copy of the data, and what they answer compared."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem
from decomposer.model.smoke import Smoke
from decomposer.running.calls import Call, decoded, generate
from decomposer.running.comparing import Answer
from decomposer.running.judging import Asked, Owned, judge
from decomposer.running.linking import Known, Link, known_of, linked, links
from decomposer.running.owning import Owners
from decomposer.running.parts import MONOLITH, NGINX, Part, with_data
from decomposer.running.stack import SERVED_BY, Configure, Way, started
from decomposer.shell.asking import ask
from decomposer.shell.copying import copy_data, link_inside
from decomposer.shell.serving import free_ports

PATIENCE = 20.0
"""Seconds that one answer may take."""
SLOW = 3.0
"""An operation that takes longer is asked once: it waits for something that is not there."""
FIRST, SERVICES = "monolith-1", "services"
Progress = Callable[[str, int, int], None]
"""Told what is asked, how many requests of how many are answered."""


class Ask(Struct, frozen=True):
    """What is asked: contexts (all where none is named), data to copy, examples of each operation, the seed.

    `headers` go with every request in place of generated ones, `seconds` is how long one side may be asked (0 for as
    long as it takes).
    """

    contexts: tuple[str, ...] = ()
    data: tuple[Path, ...] = ()
    examples: int = 4
    seed: int = 1
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0
    progress: Progress | None = None


class Scene(Struct, frozen=True):
    """What is compared: the applications, the owners of requests, nginx's configuration, the recorded contract.

    `flags` is where nginx looks for the flag files of contexts. `gone` are contexts that the monolith does not answer
    for any more. `has_ended` says that the monolith is only compared with: services run without it. `folder` is where
    everything is written.
    """

    folder: Path
    way: Way
    parts: tuple[Part, ...]
    owners: Owners
    configure: Configure
    flags: Path
    contract: Mapping[str, Any] | None = None
    gone: tuple[str, ...] = ()
    has_ended: bool = False
    notes: tuple[str, ...] = ()


def smoke(scene: Scene, told: Ask) -> Smoke:
    """What the monolith alone and the services behind nginx answer otherwise.

    The monolith is asked twice, so that what it varies by itself is known, and a third time where something differs.
    Raises NotStarted for what does not begin, DecomposerError where nothing can be asked.
    """
    for left in scene.folder.iterdir():
        if left.is_dir() and left.name != "code":
            shutil.rmtree(left)
    for part in scene.parts[1:]:
        set_flags(scene.flags, part.name)
    asking = _Asking(scene, told)
    first = asking.monolith(FIRST)
    second = asking.monolith("monolith-2")
    routed = asking.services()
    asked = Asked(tuple(asking.calls), tuple(asking.links), told.headers, told.seed)
    found = judge(asked, (first, second), routed)
    if found.differences:
        found = judge(asked, (first, second, asking.monolith("monolith-3")), routed)
    return replace(found, notes=(*found.notes, *asking.notes))


def set_flags(flags: Path, context: str) -> None:
    """Sends all requests of a context to its service."""
    (flags / context).mkdir(parents=True, exist_ok=True)
    for hundredth in range(100):
        (flags / context / str(hundredth)).touch()


class _Asking:
    """One list of requests, asked of one side after another; what earlier answers give is chosen the first time."""

    def __init__(self, scene: Scene, told: Ask) -> None:
        self.scene, self.told = scene, told
        self.calls: list[Owned] = []
        self.links: list[tuple[Link, ...]] = []
        self.notes = list(scene.notes)
        self.port = free_ports([0])[0]  # nginx's: absolute addresses in answers name it on all sides

    def monolith(self, name: str) -> list[Answer]:
        """What the monolith alone answers."""
        folder, way = self._side(name)
        with started(folder, way, self.scene.parts[:1], None) as stack:
            return self._ask(name, stack.all[MONOLITH].port)

    def services(self) -> list[Answer]:
        """What everything behind nginx answers, each context's requests sent to its service."""
        folder, way = self._side(SERVICES)
        parts = self.scene.parts[1:] if self.scene.has_ended else self.scene.parts
        with started(folder, way, parts, (self.port, self.scene.configure)) as stack:
            return self._ask(SERVICES, stack.all[NGINX].port)

    def _side(self, name: str) -> tuple[Path, Way]:
        """A folder for one side with its copy of the data, and how it is run there."""
        folder, way = self.scene.folder / name, self.scene.way
        copy_data(self.told.data, folder / "data")
        (folder / "work").mkdir()
        if way.start is not None:
            link_inside(self.told.data, folder / "data", way.start, folder / "work")
        return folder, replace(way, environment=with_data(way.environment, str(folder / "data")), tells=True)

    def _ask(self, side: str, port: int) -> list[Answer]:
        """The answers of one side to all requests, one after another."""
        is_first = not self.calls
        if is_first:
            self.calls = self._made(port)
            self.total = len(self.calls)
        answers: list[Answer] = []
        if is_first:
            self._choose(port, answers)
            return answers
        for number, (_, call) in enumerate(self.calls):
            answers.append(self._one(port, call, self.links[number], answers))
            self._tell(side, number)
        return answers

    def _choose(self, port: int, answers: list[Answer]) -> None:
        """Asks for the first time, and leaves out what would take too long: of slow operations all but one request."""
        made, self.calls = self.calls, []
        known: list[Known] = []
        slow: dict[str, None] = {}
        began = time.monotonic()
        for number, owned in enumerate(made):
            call, before = owned.call, time.monotonic()
            if self.told.seconds and before - began > self.told.seconds:
                self.notes.append(f"only the first {number} of {len(made)} requests were sent: the time was over")
                break
            if call.operation in slow:
                continue
            given = links(call, known)
            answers.append(self._one(port, call, given, answers))
            known += known_of(len(self.calls), call, answers[-1])
            self.calls.append(owned)
            self.links.append(given)
            if time.monotonic() - before > SLOW:
                slow[call.operation] = None
            self._tell(FIRST, number)
        if slow:
            self.notes.append(f"asked once only, since an answer takes more than {SLOW:g} s: {', '.join(slow)}")

    def _tell(self, side: str, number: int) -> None:
        if self.told.progress is not None:
            self.told.progress(side, number + 1, self.total)

    def _one(self, port: int, call: Call, given: Sequence[Link], answers: Sequence[Answer]) -> Answer:
        path, body = linked(call, given, answers)
        names = {name.lower() for name, _ in self.told.headers}
        headers = [("host", f"localhost:{self.port}")]
        headers += [(name, value) for name, value in call.headers if name not in names]
        target = f"{path}?{call.query}" if call.query else path
        reply = ask(port, call.method, target, [*headers, *self.told.headers], body, PATIENCE)
        return Answer(reply.status, reply.headers, reply.body, dict(reply.headers).get(SERVED_BY, ""), reply.trouble)

    def _made(self, port: int) -> list[Owned]:
        """The requests of the contexts that are meant, each with its context."""
        calls, notes = generate(self._document(port), self.told.examples, self.told.seed)
        owned = [Owned(self.scene.owners.of(call.method, decoded(call.path())), call) for call in calls]
        wanted = [one for one in owned if not self.told.contexts or one.context in self.told.contexts]
        here = [one for one in wanted if one.context not in self.scene.gone]
        if len(here) < len(wanted):
            self.notes.append(f"{', '.join(self.scene.gone)}: not asked: the monolith does not answer for it any more")
        self.notes += notes
        if not here:
            raise DecomposerError(Problem(", ".join(self.told.contexts) or "openapi.json", 0, "no-requests",
                                          "there is nothing to ask", "see decompose status"))  # fmt: skip
        return here

    def _document(self, port: int) -> Mapping[str, Any]:
        """The OpenAPI document: the baseline's, else what the monolith says now."""
        if self.scene.contract is not None:
            return self.scene.contract
        reply = ask(port, "GET", "/openapi.json", [("host", "localhost"), *self.told.headers], None, PATIENCE)
        try:
            return msgspec.json.decode(reply.body if reply.status == 200 else b"", type=dict[str, Any])
        except msgspec.MsgspecError:
            raise DecomposerError(Problem(
                "openapi.json", 0, "no-contract", "no OpenAPI document was recorded, and the monolith does not give it",
                "record one: decompose verify --baseline",
            )) from None  # fmt: skip
