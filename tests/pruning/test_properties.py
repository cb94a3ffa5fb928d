"""Programs whose functions call each other in every way: what goes was never run, and the rest runs as before."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.app import Options, pruning
from tests.conftest import write_files
from tests.extraction.trees import git_apply
from tests.pruning.test_prune_cases import CONFIG, RULES

WAYS = ("from", "module", "lazy", "alias", "barrel", "string", "put together", "table")
MODULES, FUNCTIONS = 4, 3
Call = tuple[str, int, int]


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """The files of a program: each function of each module calls some of later modules, each in one of the ways."""
    files = {"src/app/__init__.py": "", "src/app/table.py": _table(draw)}
    for number in range(MODULES):
        files[f"src/app/part{number}.py"] = _module(draw, number)
    handed = draw(st.lists(st.sampled_from(range(MODULES)), unique=True))
    files["src/app/barrel.py"] = "".join(
        f"from .part{number} import {', '.join(f'work{number}_{i}' for i in range(FUNCTIONS))}\n" for number in handed
    ) + (f"\n__all__ = {[f'work{number}_0' for number in handed]}\n" if draw(st.booleans()) else "")
    calls = draw(st.lists(_calls(-1), max_size=3))
    head, body = _written(calls)
    files["src/app/main.py"] = f"from . import barrel\n{head}\napp = None\n\n\ndef main():\n{body}    return 0\n\n\n" \
        "print('main', main())\n"  # fmt: skip
    return files


def _calls(number: int) -> st.SearchStrategy[Call]:
    later = st.integers(number + 1, MODULES - 1)
    return st.tuples(st.sampled_from(WAYS), later, st.integers(0, FUNCTIONS - 1))


def _module(draw: st.DrawFn, number: int) -> str:
    heads, bodies = "", ""
    for index in range(FUNCTIONS):
        calls = draw(st.lists(_calls(number), max_size=2)) if number + 1 < MODULES else []
        head, body = _written(calls)
        heads += head
        name = f"work{number}_{index}"
        bodies += f"\n\n# It works.\ndef {name}():\n    print('{name}')\n{body}    return math.pi\n"
    return f"import math\n{heads}{bodies}"


def _table(draw: st.DrawFn) -> str:
    names = {f"work{n}_{i}": f".part{n}" for n in range(MODULES) for i in range(FUNCTIONS)}
    return f"from importlib import import_module\n\nNAMES = {names!r}\n\n\ndef find(name):\n" \
        "    return getattr(import_module(NAMES[name], __package__), name)\n"  # fmt: skip


def _written(calls: list[Call]) -> tuple[str, str]:
    """The imports at the top, and the statements, that make some calls."""
    head, body = "", ""
    for way, number, index in calls:
        name, module = f"work{number}_{index}", f"part{number}"
        match way:
            case "from":
                head += f"from .{module} import {name}\n"
                body += f"    {name}()\n"
            case "module":
                head += f"from . import {module}\n"
                body += f"    {module}.{name}()\n"
            case "lazy":
                body += f"    from .{module} import {name}\n\n    {name}()\n"
            case "alias":
                head += f"from .{module} import {name} as other_{name}\n"
                body += f"    other_{name}()\n"
            case "barrel":
                body += f"    from . import barrel\n    getattr(barrel, '{name}', print)()\n"
            case "string":
                head += f"from . import {module}\n"
                body += f"    getattr({module}, '{name}')()\n"
            case "put together":
                head += f"from . import {module}\n"
                body += f"    getattr({module}, f'work{number}_{{{index}}}')()\n"
            case "table":
                head += "from . import table\n"
                body += f"    table.find('work' + '{number}_{index}')()\n"
    return head, body


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(programs(), st.sampled_from(["nothing", "dead-code"]))
def test_what_is_left_runs_as_before(files: dict[str, str], degree: str) -> None:
    """A program prints the same when its dead code is gone, and of the last degree nothing more is found then."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_files(root, {"decompose.toml": CONFIG, "rules/shop.toml": RULES, **files})
        before = _run(root)
        planned = pruning.prune(Options(repo=root, cache=False), (), degree, False)
        assert [] == [problem for problem in planned.problems if problem.severity == "error"]
        git_apply(root, planned.change_set)
        assert before == _run(root)
        if degree == "dead-code":
            assert () == pruning.prune(Options(repo=root, cache=False), (), degree, False).change_set.changes


def _run(root: Path) -> str:
    done = subprocess.run([sys.executable, "-c", "import app.main"], cwd=root / "src", capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    return done.stdout
