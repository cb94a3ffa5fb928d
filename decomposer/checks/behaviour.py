"""That an application does around its operations what it did: middleware, handlers of errors, tables, tasks."""

from __future__ import annotations

from decomposer.checks.contract import shortened
from decomposer.model.certificate import NOT_CHECKED, Check, checked
from decomposer.model.probes import Baseline, Middleware, Probe, SeenTable

_OURS = frozenset({"CallsBetweenServices", "TellsOfSunset"})
"""Middleware that the monolith, or a service, was given on the way: it answers calls of others, or tells of its end."""
_UNANSWERED = {"OwnerError": "tell_of_failed_call"}
"""What handles a call to another service that failed, which there was not before."""


def same_middleware(before: Baseline, now: Probe) -> Check:
    """That the middleware is the monolith's, in its order."""
    old, new = (_stack(tuple(item for item in seen.middleware if item.name.rpartition(".")[2] not in _OURS))
                for seen in (before.probe, now))  # fmt: skip
    trouble: list[str] = []
    if old != new:
        trouble = [f"lost: {name}" for name in old if name not in new]
        trouble += [f"not there before: {name}" for name in new if name not in old]
        trouble = trouble or [f"in another order: {', '.join(new)}; before: {', '.join(old)}"]
    return checked("middleware", "the middleware is the monolith's, in its order", trouble, [", ".join(old)])


def same_handlers(before: Baseline, now: Probe) -> Check:
    """That errors are handled by the functions that handled them."""
    old, new = before.probe.handlers, now.handlers
    trouble = [
        f"{key}: {new.get(key, 'nothing')} instead of {old.get(key, 'nothing')}"
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key) and (key in old or new.get(key) != _UNANSWERED.get(key))
    ]
    return checked("exception-handlers", "errors are handled as before", trouble, [f"{len(old)} handlers"])


def same_start(before: Baseline, now: Probe, everything: bool) -> Check:
    """That what ran at the start and the end still runs; of a service, that its lifespan does and nothing is new.

    A service need not have all handlers of events: one that starts what is another context's went with that.
    """
    claim = "what runs when it starts and stops is what ran before"
    if before.probe.starts is None or now.starts is None:
        return Check("start", claim, NOT_CHECKED, ("the baseline does not tell: record it again",))
    old, new = before.probe.starts, now.starts
    lost = [name for name in old if name not in new]
    fatal = lost if everything else [name for name in lost if name == old[0] and name.startswith("lifespan ")]
    trouble = [f"lost: {name}" for name in fatal] + [f"not there before: {name}" for name in new if name not in old]
    return checked("start", claim, trouble, [f"does without {name}" for name in lost if name not in fatal])


_SYSTEM = ("pg_catalog.", "information_schema.")
"""How the names of tables begin that SQLAlchemy itself knows of a database, once somebody imports its dialect."""


def same_tables(before: Baseline, now: Probe, everything: bool) -> Check:
    """That tables have the names, columns and foreign keys they had; of a service, those it loads."""
    known = {table.name: table for table in before.probe.tables if not table.name.startswith(_SYSTEM)}
    tables = [table for table in now.tables if not table.name.startswith(_SYSTEM)]
    trouble: list[str] = []
    for table in tables:
        if table.name not in known:
            trouble.append(f"{table.name}: there was no such table")
        else:
            trouble += _table_differences(known[table.name], table)
    if everything:
        there = {table.name for table in tables}
        trouble += [f"{name}: is gone" for name in known if name not in there]
    trouble += [error for error in now.table_errors if error not in before.probe.table_errors]
    return checked("tables", "tables have their names, columns and foreign keys, which resolve", shortened(trouble),
                   [f"{len(tables)} of {len(known)} tables"])  # fmt: skip


def mappers_configure(before: Baseline, now: Probe) -> Check:
    """That relationships find what they name, after the boot and after every module was loaded."""
    trouble = []
    if now.mappers_error and now.mappers_error != before.probe.mappers_error:
        trouble.append(now.mappers_error)
    elif now.all_mappers_error and not before.probe.all_mappers_error:
        trouble.append(f"when every module is loaded: {now.all_mappers_error}")
    return checked("mappers", "the mappers configure", trouble)


def same_tasks(before: Baseline, now: Probe, everything: bool) -> Check:
    """That tasks have the names under which they are sent."""
    old, new = set(before.probe.tasks), set(now.tasks)
    claim = "tasks have the names they had"
    if not old and not new:
        return Check("tasks", claim, NOT_CHECKED, ("no Celery application was loaded",))
    trouble = [f"{name}: there was no such task" for name in sorted(new - old)]
    trouble += [f"{name}: is gone" for name in sorted(old - new) if everything]
    return checked("tasks", claim, trouble, [f"{len(new)} tasks"])


def _stack(middleware: tuple[Middleware, ...]) -> list[str]:
    """Each middleware as one name; of functions the last part: where they are defined is nobody's business."""
    found = []
    for item in middleware:
        options = [
            f"{name}={value.rpartition('.')[2]}" if value else name
            for name, _, value in (option.partition("=") for option in item.options)
        ]
        name = item.name.rpartition(".")[2]
        found.append(f"{name}({', '.join(options)})" if options else name)
    return found


def _table_differences(old: SeenTable, new: SeenTable) -> list[str]:
    before, now = ({column[0]: column for column in table.columns} for table in (old, new))
    found = [f"{old.name}.{name}: is gone" for name in before if name not in now]
    found += [f"{old.name}.{name}: was not there" for name in now if name not in before]
    found += [f"{old.name}.{name}: {now[name][1:]} instead of {before[name][1:]}"
              for name in before if name in now and before[name] != now[name]]  # fmt: skip
    if old.foreign_keys != new.foreign_keys:
        found.append(f"{old.name}: foreign keys {', '.join(new.foreign_keys) or 'none'} instead of "
                     f"{', '.join(old.foreign_keys) or 'none'}")  # fmt: skip
    return found
