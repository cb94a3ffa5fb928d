"""`decompose.toml` and `[tool.decompose]`: what they say, where they are found, and every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from decomposer.app import Options, analyze
from decomposer.model.config import Config, Finish, Limits
from decomposer.model.problems import DecomposerError
from decomposer.rules.configuration import read_configuration
from tests.cli.test_commands import invoke
from tests.conftest import write_files

Write = Callable[[Mapping[str, str | bytes]], Path]
SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/main.py": "from fastapi import FastAPI\nfrom shop import a\n\napp = FastAPI()\nother = FastAPI()\n\n\n"
    "@app.get('/x')\ndef x(): ...\n\n\n@other.get('/y')\ndef y(): ...\n",
    "src/shop/a.py": "# 1\n# 2\n# 3\n",
    "src/shop/old/b.py": "import shop.nothing\n",
    "legacy/c.py": "import shop.a\nimport shop.nothing\n",
    "notes.md": "see shop.a\n",
}


def read(text: str, path: str = "decompose.toml") -> Config:
    """The configuration in a text."""
    config = read_configuration(path, text)
    assert config is not None
    return config


def mistakes(text: str, path: str = "decompose.toml") -> list[tuple[int, str, str]]:
    """Line, code and message of each mistake."""
    with pytest.raises(DecomposerError) as raised:
        read_configuration(path, text)
    assert {path} == {problem.path for problem in raised.value.problems}
    return [(problem.line, problem.code, problem.message) for problem in raised.value.problems]


FULL = """source = "./src/"
package = "shop"
entry = ["shop.main:app", "shop.main:other"]
rules = "contexts/"
services = "."
exclude = ["legacy/", "./src/shop/old"]
core = "shop-core"

[layers]
domain = "models"

[limits]
service = 30
service_target = 20
file = 2
"""


def test_a_configuration_says_all_it_can() -> None:
    """Every key arrives; folders are written plainly, layers in order."""
    expected = Config(
        "src", "shop", ("shop.main:app", "shop.main:other"), "contexts", ".", (("domain", "models"),),
        Limits(30, 20, 2), ("legacy", "src/shop/old"), "shop-core", origin="decompose.toml",
    )  # fmt: skip
    assert expected == read(FULL)


def test_a_pyproject_says_the_same() -> None:
    """The same keys below `[tool.decompose]` mean the same."""
    text = re.sub(r"^\[(\w+)\]", r"[tool.decompose.\1]", FULL, flags=re.MULTILINE)
    found = read(f'[project]\nname = "x"\n\n[tool.decompose]\n{text}', "pyproject.toml")
    assert read(FULL) == Config(*(getattr(found, name) for name in Config.__struct_fields__[:-1]), "decompose.toml")


@pytest.mark.parametrize("text", ["", "[tool.black]\n", "tool = 3\n", '[project]\nname = "decompose"\n'])
def test_a_pyproject_without_the_table_is_no_configuration(text: str) -> None:
    """Other tools' tables are none of ours."""
    assert read_configuration("pyproject.toml", text) is None


def test_what_is_not_said_has_its_default() -> None:
    """A package is enough; one entry may be a string; the repository itself may hold the package."""
    assert Config("", "shop", (), origin="c.toml") == read('package = "shop"\n', "c.toml")
    assert Limits() == Limits(3000, 1500, 500)
    for source in ("", ".", "./", "././"):
        assert "shop" == read(f'package = "shop"\nsource = "{source}"\n').root()
    assert ".hidden/src/shop" == read('package = "shop"\nsource = ".hidden//src"\n').root()
    assert ("shop.main:app",) == read('package = "shop"\nentry = "shop.main:app"\n').entries


@pytest.mark.parametrize(
    ("body", "line", "code", "told"),
    [
        ("sorce = 1", 2, "unknown-key", "unknown key `sorce`"),
        ("source = 1", 2, "wrong-type", "`source` must be a string"),
        ('source = "../x"', 2, "outside", "`source` points outside the repository"),
        ('rules = "/etc"', 2, "outside", "`rules` points outside the repository"),
        ('services = "a/../../b"', 2, "outside", "`services` points outside the repository"),
        ('exclude = [\n  "a",\n  "/b",\n]', 4, "outside", "`/b` points outside the repository"),
        ("exclude = 3", 2, "wrong-type", "`exclude` must be a list of strings"),
        ('entry = [\n  "shop.main:app",\n  "main:app",\n]', 4, "config", "inside `shop`, not `main:app`"),
        ('entry = "shopping.main:app"', 2, "config", "inside `shop`, not `shopping.main:app`"),
        ('entry = "shop main"', 2, "config", "inside `shop`, not `shop main`"),
        ("limits = 3", 2, "wrong-type", "`limits` must be a table"),
        ("layers = []", 2, "wrong-type", "`layers` must be a table"),
        ("[limits]\nfile = 1\nsevice = 2", 4, "unknown-key", "unknown key `sevice`"),
        ("[limits]\n\nfile = '500'", 4, "wrong-type", "`file` must be a whole number"),
        ("limits.service = 0", 2, "wrong-type", "`service` must be 1 or more, not 0"),
        ('[layers]\ndomain = "x"\nmodels = 3', 4, "wrong-type", "`models` must be a string"),
        ('[layers]\ndomain = "../x"', 3, "outside", "`domain` points outside the repository"),
        ('templates = "../x"', 2, "outside", "`templates` points outside the repository"),
        ("scaffold = 3", 2, "wrong-type", "`scaffold` must be a list of strings"),
        ("[deploy]\nport = 70000", 3, "config", "`port` must be a port, not 70000"),
        ('[deploy]\nroot = "/srv/a b"', 3, "config", "`root` cannot be `/srv/a b`"),
        ('[deploy]\nroot = "/srv/x;return 200"', 3, "config", "`root` cannot be"),
        ('[deploy]\nprefix = "Shop-"', 3, "config", "`prefix` cannot be `Shop-`"),
        ('[deploy]\nheader = "X Y"', 3, "config", "`header` cannot be `X Y`"),
        ('[deploy]\nhost = "x"', 3, "unknown-key", "unknown key `host`"),
        ("[finish]\nsunset = 7", 3, "wrong-type", "`sunset` must be a string"),
        ('[finish]\nsunset = "soon"', 3, "config", "`sunset` cannot be `soon`"),
        ("[finish]\ndeprecated = 2027-01-02\nsunset = 2027-01-01", 4, "config", "`sunset` is before `deprecated`"),
        ('[finish]\nretired = ["docs"]', 3, "config", "`docs` cannot do without the monolith"),
        ('[finish]\nrset = "x"', 3, "unknown-key", "unknown key `rset`"),
        ("x = ", 2, "toml-syntax", "not valid TOML: Invalid value (at line 2, column 5)"),
    ],
)
@pytest.mark.parametrize("path", ["decompose.toml", "pyproject.toml"])
def test_each_mistake_is_told_with_its_line(path: str, body: str, line: int, code: str, told: str) -> None:
    """In either file, a mistake is told where it stands."""
    head = 'package = "shop"\n'
    if path == "pyproject.toml":
        head, line = f"[tool.other]\nsorce = 1\n[tool.decompose]\n{head}", line + 3
        body = re.sub(r"^\[(\w+)\]$", r"[tool.decompose.\1]", body, flags=re.MULTILINE)
        told = re.sub(r"\(at line \d+", f"(at line {line}", told)
    [(at, kind, message)] = mistakes(f"{head}{body}\n", path)
    assert (line, code) == (at, kind) and told in message


def test_how_the_monolith_ends() -> None:
    """Days are TOML's own or strings; what does without the monolith is in the order of the steps."""
    text = 'package = "shop"\n[finish]\nrest = "orders"\nsunset = 2027-06-30\ndeprecated = "2027-01-01"\n' \
        'retired = ["systemd", "nginx"]\n'  # fmt: skip
    assert Finish("orders", "2027-01-01", "2027-06-30", ("nginx", "systemd")) == read(text).finish
    assert Finish() == read('package = "shop"\n').finish


def test_a_package_must_be_named() -> None:
    """A missing or impossible package is told at its line, or at the table's, where the place is spoken of."""
    assert [(1, "config")] == [m[:2] for m in mistakes("source = 'x'\n")]
    assert [(2, "config")] == [m[:2] for m in mistakes("rules = 'x'\npackage = 'a b'\n")]
    text = "[tool.x]\na = 1\n\n[tool.decompose]\nsource = 'x'\n"
    assert [(4, "config")] == [m[:2] for m in mistakes(text, "pyproject.toml")]
    assert [(2, "wrong-type")] == [m[:2] for m in mistakes("[tool]\ndecompose = 3\n", "pyproject.toml")]


def test_all_mistakes_come_in_one_run() -> None:
    """Mistakes of several keys are told together, by line."""
    text = 'source = "/x"\npackage = 3\nentry = ["a"]\n[limits]\nfile = "x"\nfiles = 3\n'
    assert [1, 2, 2, 3, 5, 6] == [line for line, *_ in mistakes(text)]


def told(root: Path, **options: Any) -> dict[str, Any]:
    """The analysis of a repository."""
    document: dict[str, Any] = analyze(Options(repo=root, cache=False, **options)).value
    return document


def test_the_file_that_is_nearest_to_the_tool_wins(repository: Write) -> None:
    """`decompose.toml` comes before pyproject.toml, an option before both, and looking comes last."""
    root = repository(SHOP)
    assert told(root)["config"]["origin"].startswith("found by looking: 4 modules")
    write_files(
        root, {"pyproject.toml": '[tool.decompose]\nsource = "src"\npackage = "shop"\nentry = "shop.main:other"\n'}
    )
    assert ("pyproject.toml", ["shop.main:other"]) == _origin(told(root))
    write_files(root, {"decompose.toml": 'source = "src"\npackage = "shop"\nentry = "shop.main:app"\n'})
    assert ("decompose.toml", ["shop.main:app"]) == _origin(told(root))
    write_files(root, {"other.toml": 'source = "src"\npackage = "shop"\nentry = "shop.main:other"\n'})
    assert (str(root / "other.toml"), ["shop.main:other"]) == _origin(told(root, config=root / "other.toml"))


def _origin(document: dict[str, Any]) -> tuple[str, list[str]]:
    return document["config"]["origin"], document["config"]["entries"]


def test_a_configuration_may_leave_the_place_to_be_found(repository: Write) -> None:
    """One that says nothing of source, package and entry adds to what is found by looking."""
    found = told(repository({**SHOP, "decompose.toml": "[limits]\nfile = 3\n"}))
    assert ("decompose.toml", 3) == (found["config"]["origin"], found["limits"]["file"])
    assert "shop" == found["config"]["package"] and found["config"]["entries"]


@pytest.mark.parametrize("text", ["[tool.decompose\n", "[tool.decompose]\npackge = 'shop'\n",
                                  "[ tool . decompose ]\nsource='x'\n"])  # fmt: skip
def test_a_broken_table_is_not_passed_over(repository: Write, text: str) -> None:
    """A pyproject.toml that means to configure the tool, and is wrong, ends the command instead of being ignored."""
    with pytest.raises(DecomposerError, match=r"pyproject\.toml:1: error|pyproject\.toml:2: error"):
        told(repository({**SHOP, "pyproject.toml": text}))


def test_a_pyproject_that_is_broken_elsewhere_is_none_of_ours(repository: Write) -> None:
    """One that is not TOML and does not mention the tool's table is as good as none."""
    found = told(repository({**SHOP, "pyproject.toml": "# decompose it\n[project\n"}))
    assert found["config"]["origin"].startswith("found by looking")


def test_an_entry_that_is_not_told_is_found(repository: Write) -> None:
    """Without `entry`, the application with most routes is taken."""
    found = told(repository({**SHOP, "decompose.toml": 'source = "src"\npackage = "shop"\n'}))
    assert ["shop.main:app"] == found["config"]["entries"]


def test_several_entries_are_looked_from(repository: Write) -> None:
    """The first entry's routes are the monolith's; what the others reach is told beside it."""
    root = repository({**SHOP, "decompose.toml": FULL.replace('rules = "contexts/"\n', "")})
    found = told(root)
    assert {"/x"} <= {route["path"] for route in found["routes"]} and "/y" not in {r["path"] for r in found["routes"]}


def test_limits_are_what_the_team_says(repository: Write) -> None:
    """Files over the limit of the configuration are counted, and contexts are judged by it."""
    root = repository({**SHOP, "decompose.toml": FULL.replace("contexts/", "r"),
                       "r/a.toml": 'name = "a"\n[[rule]]\npaths = ["**"]\nreason = "r"\n'})  # fmt: skip
    found = told(root)
    assert {"service": 30, "service_target": 20, "file": 2} == found["limits"]
    assert {"src/shop/main.py": 13, "src/shop/a.py": 3} == {f["path"]: f["loc"] for f in found["files_over_limit"]}
    [context] = [c for c in found["contexts"] if c["name"] == "a"]
    assert ("ok", 2, 16) == (context["verdict"], context["files_over_limit"], context["loc"])
    write_files(root, {"src/shop/a.py": "#\n" * 8})
    assert "over target" == next(c["verdict"] for c in told(root)["contexts"] if c["name"] == "a")
    write_files(root, {"src/shop/a.py": "#\n" * 18})
    assert "over limit" == next(c["verdict"] for c in told(root)["contexts"] if c["name"] == "a")


def test_what_is_excluded_is_left_out(repository: Write) -> None:
    """Excluded folders and files, in the package and around it, are neither counted nor searched."""
    config = 'source = "src"\npackage = "shop"\n'
    root = repository({**SHOP, "decompose.toml": config})
    assert {"src/shop/old/b.py", "legacy/c.py"} == {u["path"] for u in told(root)["unresolved"]}
    write_files(root, {"decompose.toml": f'{config}exclude = ["legacy", "./src/shop/old/", "src/shop/a.py"]\n'})
    found = told(root)
    assert [] == [u for u in found["unresolved"] if u["path"] != "src/shop/main.py"]
    assert {"src/shop/__init__.py", "src/shop/main.py"} == {f["path"] for f in found["files"]}


CONTEXT = {"r/a.toml": 'name = "blockchain"\n[[rule]]\npaths = ["a.py"]\nreason = "r"\n'}
BASIC = 'source = "src"\npackage = "shop"\nrules = "r"\n'


@pytest.mark.parametrize(("config", "line", "told_as"), [
    ('[finish]\nrest = "blokchain"\n', 5, r"`rest` names the context `blokchain`, which no rule file defines .*"
     r"did you mean `blockchain`\? known contexts: blockchain"),
    ('templates = "nope"\n', 4, r"there is no such folder of templates: nope"),
])  # fmt: skip
@pytest.mark.parametrize("command", [("analyze",), ("limits",), ("explain", "shop.a"), ("extract", "blockchain")])
def test_what_names_nothing_ends_every_command(
    repository: Write, command: tuple[str, ...], config: str, line: int, told_as: str
) -> None:
    """A context and a folder of templates that there are not, at the line that names them."""
    code, _, errors = invoke(*command, repo=repository({**SHOP, **CONTEXT, "decompose.toml": BASIC + config}))
    assert 2 == code and re.search(rf"^decompose\.toml:{line}: error: {told_as}", errors)


def test_what_names_something_is_fine(repository: Write) -> None:
    """Of one that is there nothing is said; in pyproject.toml, too, mistakes have their line."""
    config = f'{BASIC}templates = "ops"\n[finish]\nrest = "blockchain"\n'
    root = repository({**SHOP, **CONTEXT, "decompose.toml": config, "ops/x.j2": ""})
    assert [] == [problem["code"] for problem in told(root)["problems"]]
    (root / "decompose.toml").unlink()
    table = f"[tool.decompose]\n{BASIC}templates = \"gone\"\n"
    write_files(root, {"pyproject.toml": table})
    with pytest.raises(DecomposerError, match=r"pyproject\.toml:5: error: there is no such folder of templates"):
        told(root)


def test_what_excludes_nothing_is_a_warning(repository: Write) -> None:
    """With the line of the entry; what is there, files or folders, is not told."""
    config = f'{BASIC}exclude = [\n  "legacy",\n  "nopes",\n  "src/shop/a.py",\n]\n'
    found = told(repository({**SHOP, **CONTEXT, "decompose.toml": config}))["problems"]
    assert [("decompose.toml", 6, "excludes-nothing", "warning")] == [
        (one["path"], one["line"], one["code"], one["severity"]) for one in found if one["code"] == "excludes-nothing"
    ]


@pytest.mark.parametrize(
    ("config", "told_as"),
    [
        ('source = "nowhere"\npackage = "shop"\n', r"decompose\.toml: error: there is no package at `nowhere/shop`"),
        ('source = "src"\npackage = "sho"\n', r"decompose\.toml: error: there is no package at `src/sho`"),
    ],
)
def test_a_package_that_is_not_there_ends_the_command(repository: Write, config: str, told_as: str) -> None:
    """A configuration of something that does not exist is told with the place that was looked at."""
    with pytest.raises(DecomposerError, match=told_as):
        told(repository({**SHOP, "decompose.toml": config}))


def test_a_configuration_that_is_named_must_be_there(repository: Write) -> None:
    """`--config` with a file that cannot be read says so."""
    root = repository(SHOP)
    with pytest.raises(DecomposerError, match=r"nope\.toml: error: cannot be read: No such file or directory"):
        told(root, config=root / "nope.toml")


def test_bytes_that_are_not_utf8_are_told_with_their_line(repository: Write) -> None:
    """The line of the first wrong byte is told, in either file."""
    root = repository({**SHOP, "decompose.toml": b'package = "shop"\n\n# \xe9\n'})
    with pytest.raises(DecomposerError, match=r"decompose\.toml:3: error: is not UTF-8"):
        told(root)
    (root / "decompose.toml").unlink()
    write_files(root, {"pyproject.toml": b'[project]\nname = "\xe9"\n[tool.decompose]\npackage = "shop"\n'})
    with pytest.raises(DecomposerError, match=r"pyproject\.toml:2: error: is not UTF-8"):
        told(root)
