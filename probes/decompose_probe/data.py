"""Tables, mappers and tasks, as the loaded modules have registered them."""

from __future__ import annotations

import gc
import re
import sys

from decompose_probe.importing import last_line


def tables():
    """Every table of every loaded metadata by name with its columns and foreign keys, and what does not resolve."""
    schema = sys.modules.get("sqlalchemy.sql.schema")
    if schema is None:
        return [], []
    found, errors = {}, []
    known = [item for item in gc.get_objects() if issubclass(type(item), schema.MetaData)]
    for metadata in known:
        for key, table in sorted(metadata.tables.items()):
            columns = [[column.name, _type(column), bool(column.nullable), bool(column.primary_key)]
                       for column in table.columns]  # fmt: skip
            keys = []
            for foreign in table.foreign_keys:
                keys.append("%s -> %s" % (foreign.parent.name, foreign.target_fullname))
                try:
                    assert foreign.column is not None
                except Exception as error:
                    errors.append(last_line(error))
            found.setdefault(key, {"name": key, "columns": sorted(columns), "foreign_keys": sorted(keys)})
        if not errors:
            try:
                assert metadata.sorted_tables is not None
            except Exception as error:
                errors.append(last_line(error))
    return [found[key] for key in sorted(found)], sorted(set(errors))


def _type(column):
    try:
        return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(column.type))
    except Exception:
        return type(column.type).__name__


def configure():
    """Why the mappers cannot be configured, "" when they can or there are none."""
    orm = sys.modules.get("sqlalchemy.orm")
    if orm is None:
        return ""
    try:
        orm.configure_mappers()
        return ""
    except Exception as error:
        return last_line(error)


def tasks():
    """The names of the tasks of each Celery application that a loaded module holds, but for Celery's own."""
    celery = sys.modules.get("celery.app.base")
    if celery is None:
        return []
    found = set()
    for module in list(sys.modules.values()):
        for value in list(getattr(module, "__dict__", {}).values()):
            if issubclass(type(value), celery.Celery):
                try:
                    found.update(str(name) for name in value.tasks if not str(name).startswith("celery."))
                except Exception:
                    continue
    return sorted(found)
