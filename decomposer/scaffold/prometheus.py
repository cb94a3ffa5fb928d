"""A scrape job for each service that counts, in the configuration that scrapes the monolith."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decomposer.model.problems import Problem
from decomposer.scaffold.compose_file import find_compose, monolith_entry
from decomposer.scaffold.system import Artefact, Service, System, Template
from decomposer.scaffold.yaml_text import (
    Insertion,
    Node,
    block,
    find,
    inserted,
    items,
    named_otherwise,
    offset_after,
    pairs,
    parse,
    scalar,
    shared,
    source,
    texts,
    without_block,
)

WHAT = "scrape jobs"
_NAME = re.compile(r"prometheus[\w.-]*\.ya?ml")
_ALIKE = ("metrics_path", "scrape_interval", "scrape_timeout", "scheme", "honor_labels")
_SHARED = ("basic_auth", "authorization", "oauth2", "tls_config", "params")


@dataclass(frozen=True, slots=True)
class _Job:
    """The monolith's own job: its node, the host that it scrapes, and the labels that it gives."""

    node: Node
    host: str
    labels: Mapping[str, str]


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """Every configuration that scrapes the monolith, with the services that have metrics."""
    if all(service.is_core for service in services):
        return
    paths = [path for path in system.paths if _NAME.fullmatch(posixpath.basename(path))]
    for path in paths:
        text, known = without_block(system.text(path) or "", WHAT)
        if system.is_retired("prometheus"):
            text, known = system.text(path) or "", 0  # nobody else can tell how services are scraped
        root = parse(text)
        job = _job_of(system, root)
        if job is None:
            continue
        if system.is_retired("prometheus"):
            yield _without(system, path, job)
            continue
        yield from _told(system, path, root, job, known < 0)
        jobs = _names(root)
        counting = [service for service in system.serving() if service.has_metrics and service.context not in jobs]
        if counting:
            yield Artefact(path, _edited(system, text, known, root, job, counting, template), is_edit=True)


def _without(system: System, path: str, job: _Job) -> Artefact:
    """The configuration in which the monolith's job scrapes it no more; it stays, for others may share things of it."""
    text, target = system.text(path) or "", f"{job.host}:{system.monolith.port}"
    edits: list[Insertion] = []
    for config in items(find(job.node, "static_configs")):
        listed = find(config, "targets")
        if target in texts(listed) and len(texts(listed)) == 1:
            edits.append(Insertion(listed.start_mark.index, "[]", len(source(text, listed).rstrip())))
        elif target in texts(listed):
            edits += named_otherwise(text, listed, target, "")
    return Artefact(path, inserted(text, edits), is_edit=True)


def _job_of(system: System, root: Node) -> _Job | None:
    """The job that scrapes the monolith: of those with its port the one that is named after it."""
    monolith, found = system.monolith, []
    for job in items(find(root, "scrape_configs")):
        for config in items(find(job, "static_configs")):
            for target in texts(find(config, "targets")):
                host, _, port = target.rpartition(":")
                if port == str(monolith.port):
                    labels = {key: scalar(value) for key, _, value in pairs(find(config, "labels"))}
                    named = monolith.name in (scalar(find(job, "job_name")), host)
                    found.append((not named, _Job(job, host, labels)))
    return min(found, key=lambda one: one[0], default=(True, None))[1]


def _names(root: Node) -> set[str]:
    """The names of the jobs that are there."""
    return {scalar(find(job, "job_name")) for job in items(find(root, "scrape_configs"))}


def _edited(
    system: System, text: str, known: int, root: Node, job: _Job, counting: list[Service], template: Template
) -> str:
    """The configuration with a job for each service between two lines."""
    listed = find(root, "scrape_configs")
    name = scalar(find(job.node, "job_name"))
    alike, insertions = [], []
    for wanted, key, value in pairs(job.node):
        if wanted in _ALIKE:
            alike.append(f"{wanted}: {source(text, value)}")
        elif wanted in _SHARED:
            anchor, named = shared(text, key, value, name)
            insertions += named
            alike.append(f"{wanted}: *{anchor}")
    quote = find(job.node, "job_name").style or ""
    entries = [
        template("prometheus.job.j2", service=service, quote=quote, target=_target(system, job, service), alike=alike,
                 labels={key: service.context if value == system.monolith.name or value == name else value
                         for key, value in job.labels.items()})
        for service in counting
    ]  # fmt: skip
    column = listed.start_mark.column
    if known < 0:
        known = offset_after(text, listed.value[-1], column)
    return inserted(text, [*insertions, Insertion(known, block(WHAT, entries, column))])


def _target(system: System, job: _Job, service: Service) -> str:
    """Where a service is scraped: by its own name where the monolith is by its own, else where the monolith is."""
    path = find_compose(system)
    entry = monolith_entry(system, path, parse(system.text(path) or ""))[0] if path else ""
    named = job.host in (entry, system.monolith.name)
    return f"{service.context if named else job.host}:{service.port}"


def _told(system: System, path: str, root: Node, job: _Job, is_first: bool) -> Iterator[Problem]:
    """Services that do not count, the first time; and ports that something else has."""
    without = [service.context for service in system.serving() if not service.has_metrics]
    if without and is_first:
        yield Problem(path, 0, "no-metrics", f"no scrape job for {', '.join(without)}: nothing answers /metrics there",
                      "give the service's main.py one", "warning")  # fmt: skip
    jobs = _names(root)
    for service in system.serving():
        if service.has_metrics and service.context in jobs:
            yield Problem(path, 0, "kept", f"has a job `{service.context}` already: it stays as it is",
                          "take it out to have it rendered", "warning")  # fmt: skip
    ports = {_target(system, job, service): service for service in system.serving()}
    for other in items(find(root, "scrape_configs")):
        for config in items(find(other, "static_configs")):
            for target in items(find(config, "targets")):
                if scalar(target) in ports:
                    context = ports[scalar(target)].context
                    yield Problem(path, target.start_mark.line + 1, "port-taken",
                                  f"{scalar(target)} is that of {scalar(find(other, 'job_name'))}, and of {context}",
                                  f"give {context} another port in its rule file", "warning")  # fmt: skip
