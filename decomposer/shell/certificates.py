"""The baseline and the certificates in `.decompose`, each written in one step."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from decomposer.model.certificate import Certificate
from decomposer.model.config import Config
from decomposer.model.probes import Baseline, ServedRoute, Told
from decomposer.model.problems import DecomposerError, Problem
from decomposer.planning.states import Standing
from decomposer.scaffold.system import Contract
from decomposer.shell import disk
from decomposer.shell.transaction import store

BASELINE = f"{store.HOME}/baseline.json"
CERTIFICATES = f"{store.HOME}/certificates"
VERSION = 1


class _Owners(Struct):
    """Of a baseline only whose each route is, which is read without the rest."""

    owners: tuple[tuple[str, str, str, str], ...] = ()


class _Way(Struct):
    """Of a baseline only how it was recorded."""

    told: Told = Told()


class _Answered(Struct):
    """Of a probe only the OpenAPI document and the routes."""

    openapi: dict[str, Any] = {}
    routes: tuple[ServedRoute, ...] = ()


class _Installed(Struct):
    """Of a probe only which distributions have what can be imported."""

    providers: dict[str, tuple[str, ...]] = {}


class _Had(Struct):
    """Of a baseline only what the interpreter had."""

    probe: _Installed


class _Promised(Struct):
    """Of a baseline only what the monolith promises."""

    probe: _Answered
    excluded: tuple[str, ...] = ()


def write_baseline(root: Path, baseline: Baseline) -> None:
    """Keeps the baseline, in place of the one before."""
    _write(root / BASELINE, _json(baseline))


def read_baseline(root: Path) -> Baseline:
    """The baseline; raises DecomposerError, with what to do, where there is none or it cannot be read."""
    hint = "record one before the first step: decompose verify --baseline; after a step, take it back first " \
        "(decompose rollback), record it, and make the step again"  # fmt: skip
    try:
        found = msgspec.json.decode((root / BASELINE).read_bytes(), type=Baseline)
    except FileNotFoundError:
        raise DecomposerError(Problem(BASELINE, 0, "no-baseline", "there is nothing to compare with", hint)) from None
    except msgspec.MsgspecError as error:
        why = f"cannot be understood: {error}"
        raise DecomposerError(Problem(BASELINE, 0, "damaged-baseline", why, hint)) from None
    if found.version != VERSION:
        raise DecomposerError(Problem(BASELINE, 0, "damaged-baseline", "is of another version of this tool", hint))
    return found


def write(root: Path, certificate: Certificate, markdown: str) -> None:
    """Keeps a certificate as JSON and as Markdown, in place of the one before."""
    place = root / CERTIFICATES / certificate.subject
    _write(place.with_name(f"{certificate.subject}.json"), _json(certificate))
    _write(place.with_name(f"{certificate.subject}.md"), markdown.encode("utf-8", "backslashreplace"))


def read(root: Path, subject: str) -> Certificate | None:
    """The certificate of a context (or of "core"), None where there is none that can be read."""
    try:
        return msgspec.json.decode((root / CERTIFICATES / f"{subject}.json").read_bytes(), type=Certificate)
    except (OSError, msgspec.MsgspecError):
        return None


def standings(root: Path, config: Config, contexts: Iterable[str]) -> dict[str, Standing]:
    """What the certificates of contexts are worth for the files as they are now."""
    digests: dict[tuple[str, ...], str] = {}
    found: dict[str, Standing] = {}
    for context in contexts:
        certificate = read(root, context)
        if certificate is None:
            found[context] = Standing.NONE
            continue
        if certificate.folders not in digests:
            digests[certificate.folders] = tree_digest(root, certificate.folders)
        current = config.root() in certificate.folders and certificate.digest == digests[certificate.folders]
        told = Standing.HOLDS if certificate.holds() else Standing.FAILS
        found[context] = told if current else Standing.STALE
    return found


def recorded_operations(root: Path) -> dict[str, int] | None:
    """How many operations each context has in the baseline, None where there is none that can be read."""
    try:
        owners = msgspec.json.decode((root / BASELINE).read_bytes(), type=_Owners).owners
    except (OSError, msgspec.MsgspecError):
        return None
    operations = {(method, path, owner) for method, path, _, owner in owners if method not in ("MOUNT", "WEBSOCKET")}
    return dict(Counter(owner for _, _, owner in operations))


def recorded_contract(root: Path) -> Contract | None:
    """What the monolith promised when the baseline was recorded, None where there is none that can be read."""
    try:
        found = msgspec.json.decode((root / BASELINE).read_bytes(), type=_Promised)
    except (OSError, msgspec.MsgspecError):
        return None
    tried = tuple((*operation, route.module, route.endpoint) for route in found.probe.routes
                  for operation in route.operations())  # fmt: skip
    return Contract(found.probe.openapi, found.excluded, tried)


def recorded_providers(root: Path) -> Mapping[str, tuple[str, ...]]:
    """The distributions that had what could be imported when the baseline was recorded, none where none was."""
    try:
        return msgspec.json.decode((root / BASELINE).read_bytes(), type=_Had).probe.providers
    except (OSError, msgspec.MsgspecError):
        return {}


def recorded_way(root: Path) -> Told:
    """How the baseline was recorded; nothing of it where there is no baseline that can be read."""
    try:
        return msgspec.json.decode((root / BASELINE).read_bytes(), type=_Way).told
    except (OSError, msgspec.MsgspecError):
        return Told()


def is_current(root: Path, config: Config, context: str) -> bool:
    """Whether a context has a certificate that holds and speaks of the files as they are now."""
    found = read(root, context)
    return found is not None and found.holds() and config.root() in found.folders and (
        found.digest == tree_digest(root, found.folders)
    )  # fmt: skip


def tree_digest(root: Path, folders: Iterable[str]) -> str:
    """One digest over the names and bytes of all files in some folders, compiled files and `.env` left out."""
    total = hashlib.sha256()
    for folder in folders:
        for path in disk.list_folder(root, folder):
            content = (root / path).read_bytes()
            name = path.encode("utf-8", "surrogateescape")
            total.update(b"%d %d %s" % (len(name), len(content), name))
            total.update(content)
    return total.hexdigest()


def _json(value: Baseline | Certificate) -> bytes:
    text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ignore = path.parents[1 if path.parent.name == "certificates" else 0] / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(b"*\n")
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(new, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
