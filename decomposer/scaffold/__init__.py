"""What each service needs to run; one file per rendered target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from decomposer.model.problems import Problem
from decomposer.scaffold import (
    compose,
    contract,
    dockerfile,
    documentation,
    migrations,
    prometheus,
    pyproject,
    systemd,
    together,
    workflow,
    workspace,
)
from decomposer.scaffold.nginx import rendering as nginx
from decomposer.scaffold.safety import unsafe
from decomposer.scaffold.system import MARK, Artefact, Service, System, Target, Template

TARGETS: Mapping[str, Target] = {
    "nginx": nginx.render,
    "pyproject": pyproject.render,
    "workspace": workspace.render,
    "systemd": systemd.render,
    "compose": compose.render,
    "dockerfile": dockerfile.render,
    "prometheus": prometheus.render,
    "ci": workflow.render,
    "contract": contract.render,
    "migrations": migrations.render,
    "docs": documentation.render,
    "tests": together.render,
}
"""Every target by name."""
_WITHOUT_COMMENTS = (".json", "/.gitkeep")
SHARED = frozenset({"nginx", "tests"})
"""Those that are rendered for all services as a whole, whichever are asked for."""


def render(
    system: System, services: Sequence[Service], targets: Iterable[str], template: Template
) -> Iterator[Artefact | Problem]:
    """The files of some targets for some services, without those that are somebody's own, and what is to be said.

    Nothing is rendered, and errors are given, where a name could mean something else in a configuration.
    """
    refused = list(unsafe(system))
    if refused:
        yield from refused
        return
    for target in targets:
        for rendered in TARGETS[target](system, tuple(services), template):
            if isinstance(rendered, Artefact) and _is_anothers(system, rendered):
                yield Problem(rendered.path, 0, "kept", "is there already and was not rendered by decompose: it stays "
                              "as it is", "move it away to have it rendered", "warning")  # fmt: skip
            else:
                yield rendered


def _is_anothers(system: System, artefact: Artefact) -> bool:
    """Whether a file that would be rendered anew is somebody's own."""
    if artefact.is_edit or artefact.text is None:
        return False
    if artefact.path.endswith(_WITHOUT_COMMENTS):  # its path says whose it is
        return False
    there = system.text(artefact.path)
    return there is not None and MARK not in there
