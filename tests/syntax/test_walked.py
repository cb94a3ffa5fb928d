"""Where a file uses a module as a value."""

from __future__ import annotations

import pytest

from decomposer.syntax.walked import read_walked

VALUES = {
    "given to a function": ("run(jobs)", "jobs"),
    "given by a keyword": ("run(module=app.jobs)", "app.jobs"),
    "its dictionary": ("for name in jobs.__dict__.items(): pass", "jobs"),
    "vars": ("found = [name for name in vars(jobs)]", "jobs"),
    "in a list": ("modules = [jobs]", "jobs"),
    "handed back": ("def f():\n    return jobs", "jobs"),
    "loaded by its name": ('run(import_module("app.jobs"))', "app.jobs"),
    "its dictionary when loaded": ('importlib.import_module("app.jobs").__dict__', "app.jobs"),
    "among all modules": ('run(sys.modules["app.jobs"])', "app.jobs"),
    "its own names": ("found = list(globals())", ""),
    "its own dictionary": ("for name in vars(): pass", ""),
    "itself among all modules": ("run(sys.modules[__name__])", ""),
    "its own names in a function": ("def f():\n    return globals().items()", ""),
}
OTHERS = {
    "asked for a name": "jobs.run()",
    "asked for a name as text": 'getattr(jobs, "run")',
    "patched": 'monkeypatch.setattr(jobs, "run", None)\nmock.patch.object(jobs, "run")',
    "given a name": "jobs.limit = 3",
    "only loaded": 'import_module("app.jobs")',
    "loaded, and asked for a name": 'import_module("app.jobs").run()',
    "one of its own names": 'globals()["run"] = globals().get("walk")',
    "one of its names by its dictionary": 'jobs.__dict__.get("run")',
    "names of a function": "def f():\n    return vars(), locals()",
    "not understood": "def",
}


@pytest.mark.parametrize(("source", "module"), VALUES.values(), ids=VALUES)
def test_a_module_that_is_a_value_is_found(source: str, module: str) -> None:
    """However the file names it, with the line."""
    assert module in [name for name, line in read_walked(source.encode()) if line == source.count("\n") + 1]


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_a_module_that_is_asked_for_one_name_is_none(source: str) -> None:
    """Nothing of it has an order then."""
    assert not {"jobs", "app.jobs", ""} & {name for name, _ in read_walked(source.encode())}
