"""A service's systemd unit: in the style of the monolith's own, and hardened.

What the services may write is not narrowed further than where the monolith's unit says what it writes itself: a
database may lie anywhere below /var, /srv or /opt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from decomposer.model.problems import Problem
from decomposer.scaffold.calls import TOKEN, addresses, needs_token
from decomposer.scaffold.monolith import RETIRED, unit_settings
from decomposer.scaffold.running import scripts, server_host, server_options, source_folders, with_scripts, words
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template

_UNIT = ("After", "Wants", "Requires", "BindsTo")
_ALIKE = ("User", "Group", "SupplementaryGroups", "UMask", "Nice", "Slice", "LimitNOFILE", "TimeoutStartSec",
          "TimeoutStopSec", "Restart", "RestartSec", "StandardOutput", "StandardError")  # fmt: skip
_WRITTEN = ("ReadWritePaths", "StateDirectory", "LogsDirectory", "CacheDirectory", "RuntimeDirectory")
_ASSIGNED = re.compile(r"""(?:^|\s)["']?([A-Za-z_]\w*)=""")
_OWN_CODE = re.compile(r"\bpython|\balembic\b|\buvicorn\b|\bgunicorn\b")
_UNITS = (".service", ".timer", ".target", ".socket")
_NAMING = re.compile(r"^(?P<key>After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds)=(?P<names>[^\n\\]*?)"
                     r"(?P<end>\r?\n)", re.MULTILINE)  # fmt: skip
_ACCELERATED = frozenset({"torch", "torchvision", "tensorflow", "pycuda", "cupy", "jax", "nvidia-ml-py", "pynvml"})


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """A unit for each service; of what the monolith's unit sets and a service's does not, the first time only."""
    told = _settings(system)
    is_first = not any(unit_path(system, service) in system.paths for service in system.serving())
    if is_first and any(not service.is_core for service in services):
        yield from _left_out(system, told)
    if system.is_retired("systemd") and system.monolith.unit:
        yield from _retired(system)
    for service in services:
        if not service.is_core:
            yield Artefact(unit_path(system, service), _unit(system, service, told, template))


def _retired(system: System) -> Iterator[Artefact]:
    """The monolith's unit under a name by which systemd does not find it, and other units without it.

    It stays, for the services' units are like it.
    """
    path = system.monolith.unit
    if not path.endswith(RETIRED):
        yield Artefact(path, None)
        yield Artefact(path + RETIRED, system.text(path) or "", is_edit=True, moved_from=path)
    name = path.removesuffix(RETIRED).rpartition("/")[2]
    rest = unit_path(system, system.rest).rpartition("/")[2] if system.rest else ""
    own = {unit_path(system, service) for service in system.serving()}
    for other in system.paths:
        text = system.text(other) if other.endswith(_UNITS) and other not in own else None
        if text is not None and name in text:
            edited = _NAMING.sub(lambda found: _renamed(found, name, rest), text)
            if edited != text:
                yield Artefact(other, edited, is_edit=True)


def _renamed(found: re.Match[str], name: str, rest: str) -> str:
    """A line that names units, the rest's in the place of one; nothing where none is left."""
    names = found["names"].split()
    kept = [rest if one == name and rest not in names else one for one in names if one != name or rest not in names]
    kept = [one for one in kept if one]
    return found[0] if names == kept else f"{found['key']}={' '.join(kept)}{found['end']}" if kept else ""


def unit_path(system: System, service: Service) -> str:
    """Where a service's unit is: beside the monolith's."""
    folder = system.monolith.unit.rpartition("/")[0] if system.monolith.unit else "systemd"
    return f"{folder}/{system.monolith.prefix}{service.context}.service".lstrip("/")


def environment_file(system: System, service: Service) -> str:
    """The file on the machine that has a service's own variables."""
    return f"/etc/{system.monolith.prefix.strip('-_') or system.monolith.name}/{service.context}.env"


def _settings(system: System) -> list[tuple[str, str]]:
    return unit_settings(system.text(system.monolith.unit) or "") if system.monolith.unit else []


def _unit(system: System, service: Service, told: Sequence[tuple[str, str]], template: Template) -> str:
    """The text of a service's unit."""
    monolith = system.monolith
    command = next((value for key, value in told if key == "ExecStart"), "")
    options = server_options(with_scripts(system, command))
    user = next((value for key, value in told if key == "User"), "") if told else monolith.name
    is_root = user in ("", "root", "0")
    home = [folder for folder in ("/home", "/root") if f"{monolith.root}/".startswith(f"{folder}/")]
    written = [(key, value) for key, value in told if key in _WRITTEN]
    alike = [(key, value) for key, value in told if key in _ALIKE]
    if not told:
        alike = [("User", user), ("Restart", "on-failure")]
    needed = {re.split(r"[^\w.-]", one.lower())[0] for one in service.dependencies}
    return template(
        "service.unit.j2", mark=MARK, service=service, monolith=replace(monolith, unit=_kept_at(system)),
        description=" ".join(f"{service.context}: {service.description}".split()).replace("%", "%%"),
        unit=[*([item for item in told if item[0] in _UNIT] or [("After", "network.target")]), *_first(system)],
        alike=alike, folders=[_deployed(system, folder) for folder in source_folders(system, service)],
        variables=named_variables(system), addresses=addresses(system, service),
        token=TOKEN if needs_token(system, service) else "", environment_file=environment_file(system, service),
        files=[value for key, value in told if key == "EnvironmentFile"],
        passed=[value for key, value in told if key == "PassEnvironment"],
        helpers=[_helper(value, is_root) for key, value in told if key == "ExecStartPre" and _is_helper(system, value)],
        start=[*_server(monolith.root, command), service.application, "--host",
               server_host(with_scripts(system, command)), "--port", str(service.port), *options],
        is_root=is_root, protect_home="no" if home else "read-only" if is_root else "yes", written=written,
        accelerated=bool(needed & _ACCELERATED),
    )  # fmt: skip


def _kept_at(system: System) -> str:
    """Where the monolith's unit is, or is going to be, "" for none."""
    path = system.monolith.unit
    return f"{path}{RETIRED}" if path and system.is_retired("systemd") and not path.endswith(RETIRED) else path


def _first(system: System) -> Iterator[tuple[str, str]]:
    """What starts before a service: the monolith, which makes what a fresh database has to have."""
    if system.monolith.unit and not system.is_retired("systemd"):
        yield "After", system.monolith.unit.rpartition("/")[2]


def _deployed(system: System, folder: str) -> str:
    """A folder of the repository where it is deployed."""
    return system.monolith.root if folder == "." else f"{system.monolith.root}/{folder}"


def _server(root: str, command: str) -> list[str]:
    """What starts uvicorn: the monolith's own, or that of its interpreter."""
    first = next(iter(words(command)), "")
    name = first.rpartition("/")[2]
    if name == "uvicorn":
        return [first]
    if re.fullmatch(r"python[\d.]*", name):
        return [first, "-m", "uvicorn"]
    if name == "gunicorn" and "/" in first:
        return [f"{first.rpartition('/')[0]}/python", "-m", "uvicorn"]
    return [f"{root}/venv/bin/python", "-m", "uvicorn"]


def _is_helper(system: System, command: str) -> bool:
    """Whether what a unit runs first is a script of the repository that runs none of the monolith's own code."""
    found = list(scripts(system, command))
    return len(found) > 0 and f"{system.monolith.root}/{found[0]}" == words(command)[0] and not any(
        _OWN_CODE.search(system.text(path) or "") for path in found)  # fmt: skip


def _helper(command: str, is_root: bool) -> str:
    """A script outside of the sandbox where the monolith's may do everything as well, as it does what is to be read."""
    return f"+{command.lstrip('@-:+!')}" if is_root else command


def named_variables(system: System) -> list[str]:
    """The names of the variables that the monolith's unit sets, in order; none where there is no unit."""
    return sorted(variables_of(_settings(system)))


def variables_of(told: Sequence[tuple[str, str]]) -> set[str]:
    """The names of the variables that a unit sets, but for the path of modules."""
    return {name for key, value in told if key == "Environment" for name in _ASSIGNED.findall(value)} - {"PYTHONPATH"}


def _left_out(system: System, told: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """What somebody has to see to."""
    unit, variables = system.monolith.unit, sorted(variables_of(told))
    if variables:
        folder = environment_file(system, system.services[0]).rpartition("/")[0]
        yield Problem(unit, 0, "variables-to-set", f"sets {', '.join(variables)}: no value is copied to a service's "
                      "unit", f"put them into {folder}/<service>.env on the machine", "warning")  # fmt: skip
    for key, value in told:
        if key == "ExecStartPre" and not _is_helper(system, value):
            yield Problem(unit, 0, "start-pre-left", "runs code before the monolith starts, which the services' units "
                          "do not run", "a service's own lifespan does what it needs; add ExecStartPre if it is more",
                          "warning")  # fmt: skip
