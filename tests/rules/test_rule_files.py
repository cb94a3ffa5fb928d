"""Rule files: every mistake told with its line, and what each kind of rule matches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from decomposer.app import Options, analysis, analyze, extract
from decomposer.cli.words import application
from decomposer.model.config import CORE, RuleSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.rules import KINDS
from decomposer.rules.contexts import read_rules
from decomposer.rules.kind import compile_glob
from decomposer.rules.toml_lines import lines
from tests.conftest import write_files

Write = Callable[[Mapping[str, str | bytes]], Path]


def mistakes(files: Mapping[str, str]) -> list[Problem]:
    """The problems that reading rule files ends with."""
    with pytest.raises(DecomposerError) as raised:
        read_rules(files)
    return list(raised.value.problems)


def places(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """The place and code of each problem."""
    return [(problem.place(), problem.code) for problem in mistakes(files)]


def context(body: str = "", name: str = "a") -> str:
    """A rule file of one context; its body begins on line 2."""
    return f'name = "{name}"\n{body}'


AS_CLIENT = '[[dependency]]\npaths = ["b.py"]\npolicy = "{}"\nreason = "r"\nsession = "db:get"\nidempotent = ["f"]\n'


@pytest.mark.parametrize("policy", ["share", "copy", "deny"])
def test_what_is_for_clients_alone_is_told_so(policy: str) -> None:
    """`session` and `idempotent` are known keys, where they mean something."""
    found = mistakes({"r/a.toml": context(AS_CLIENT.format(policy))})
    assert [("r/a.toml:6", "not-a-client"), ("r/a.toml:7", "not-a-client")] == [(p.place(), p.code) for p in found]
    assert f'`session` is for policy = "client", and this is "{policy}"' == found[0].message
    [rule] = read_rules({"r/a.toml": context(AS_CLIENT.format("client"))}).dependencies
    assert ("db:get", ("f",)) == (rule.session, rule.idempotent)


GOOD_RULE = '[[rule]]\npaths = ["a.py"]\nreason = "r"\n'


def test_all_mistakes_of_all_files_come_in_one_run() -> None:
    """Every file's mistakes are told together, in order of file and line, each with its own code."""
    files = {
        "r/a.toml": context('descripton = "x"\nport = "8000"\n\n[[rule]]\nroutes = ["/x"]\n'),
        "r/b.toml": 'name = "B C"\n',
        "r/broken.toml": 'name = "c"\nphase = [1,\n',
        "r/bytes.toml": 'name = "d"\n# \udcff\n',
    }
    assert [
        ("r/a.toml:2", "unknown-key"), ("r/a.toml:3", "wrong-type"), ("r/a.toml:5", "rule-reason"),
        ("r/b.toml:1", "context-name"), ("r/broken.toml:2", "toml-syntax"), ("r/bytes.toml:2", "toml-syntax"),
    ] == places(files)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "a"\nport = \n', 2),
        ('name = "a"\nname = "b"\n', 2),
        ('name = "a"\n[[rule]]\npaths = ["a.py"\n', 3),
        ('name = "a"\n\n\nx = "', 4),
        ("\x00", 1),
        (f"name = 'a'\nport = {'9' * 5000}\n", 1),
        (f"x = {'[' * 3000}{']' * 3000}\n", 1),
        ("name = 'a'\n[rule\n", 2),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    """A file that no TOML parser reads is one problem, at the line where the parser stopped or the last one."""
    assert [(f"a.toml:{line}", "toml-syntax")] == places({"a.toml": text})


def test_mistakes_in_dependencies_are_told() -> None:
    """An unknown policy or key, no reason, nothing to match, a path outside the package."""
    body = """[[dependency]]
paths = []
policy = "shared"

[[dependency]]
paths = ["../x.py"]
policy = "deny"
reason = "r"
on = 1
"""
    assert [
        ("a.toml:2", "rule-reason"), ("a.toml:3", "rule-empty"), ("a.toml:4", "policy"),
        ("a.toml:7", "outside"), ("a.toml:10", "unknown-key"),
    ] == places({"a.toml": context(body)})  # fmt: skip
    assert [("a.toml:2", "wrong-type")] == places({"a.toml": context("dependency = 1\n")})


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistakes(repository: Write) -> None:
    """Rule files may come from any editor."""
    root = repository(
        {**SHOP, "contexts/a.toml": b'\xef\xbb\xbfname = "a"\r\n[[rule]]\r\npaths = ["a.py"]\r\nreason = "r"\r\n'}
    )
    assert "a" == owners(root)["a.py"]


@pytest.mark.parametrize(
    ("key", "hint"),
    [("descripton", "did you mean `description`?"), ("rules", "did you mean `rule`?"), ("zzz", "known keys: name, ")],
)
def test_unknown_keys_are_told_with_the_nearest_known_one(key: str, hint: str) -> None:
    """A misspelt key has a suggestion, another one the list of what is known."""
    [problem] = mistakes({"a.toml": context(f"{key} = 1\n")})
    assert ("a.toml:2", "unknown-key") == (problem.place(), problem.code)
    assert problem.hint.startswith(hint)


def test_unknown_keys_of_rules_and_tables_have_their_own_lines() -> None:
    """The same key in two rules, a dotted key and a table are each told where they stand."""
    body = (
        GOOD_RULE
        + "wieght = 1\n"
        + GOOD_RULE.replace("reason", 'note = "paths = 1"\nreason')
        + "wieght.x = 1\n[other]\ny = 1\n"
    )
    found = {(p.line, p.message) for p in mistakes({"a.toml": context(body)})}
    expected = {
        (5, "unknown key `wieght`"),
        (8, "unknown key `note`"),
        (10, "unknown key `wieght`"),
        (11, "unknown key `other`"),
    }
    assert expected == found


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("port = true\n", "`port` must be a whole number"),
        ("port = 70000\n", "`port` must be from 1 to 65535, not 70000"),
        ("phase = 1.5\n", "`phase` must be a whole number"),
        ("phase = 0\n", "`phase` must be 1 or more, not 0"),
        ("description = 3\n", "`description` must be a string"),
        ("shared = [1]\n", "`shared` must be a list of strings"),
        ("rule = 3\n", "`rule` must be written as [[rule]] tables"),
        ("[rule]\npaths = []\n", "`rule` must be written as [[rule]] tables"),
    ],
)
def test_wrong_types_and_values_are_told(body: str, told: str) -> None:
    """What has the wrong type is told at its line with the right one."""
    [problem] = mistakes({"a.toml": context(body)})
    assert ("a.toml:2", told) == (problem.place(), problem.message)


@pytest.mark.parametrize(
    ("rule", "line", "told"),
    [
        ("paths = 3", 3, "`paths` must be a list of strings"),
        ('paths = ["a", 2]', 3, "`paths` must be a list of strings"),
        ('paths = ["a"]\nprecedence = "high"', 4, "`precedence` must be a whole number"),
        ('paths = ["a"]\nprecedence = -1', 4, "`precedence` must be 0 or more"),
        ("paths = []", 3, "`paths` is empty: the rule can match nothing"),
        ('keywords = ["a", ""]', 3, "`keywords` is empty: the rule can match nothing"),
        ('paths = ["a"]\nmodules = ["b"]', 2, "found `modules` and `paths`"),
        ("", 2, "found none"),
        ('paths = [\n    "a.py",\n    "../b.py",\n]', 5, "`../b.py` points outside the package"),
        ('follows = ["/etc/*"]', 3, "`/etc/*` points outside the package"),
        ("paths = ['C:\\x']", 3, "points outside the package"),
    ],
)
def test_mistakes_of_a_rule_are_told_at_their_lines(rule: str, line: int, told: str) -> None:
    """Each mistake of a rule has the line of the key, or of the pattern in its list; others that of the header."""
    [problem] = mistakes({"a.toml": context(f'[[rule]]\n{rule}\nreason = "r"\n')})
    assert line == problem.line and told in problem.message


@pytest.mark.parametrize("reason", ["", 'reason = ""', 'reason = "  "'])
def test_a_rule_needs_a_reason(reason: str) -> None:
    """A rule without a sentence for whoever asks why is a mistake."""
    [problem] = mistakes({"a.toml": context(f'[[rule]]\npaths = ["a.py"]\n{reason}\n')})
    assert "rule-reason" == problem.code and "needs a `reason`" in problem.message


def test_shared_patterns_have_the_lines_they_stand_on() -> None:
    """Each pattern of `shared` is told, and owned, by its own line, several on one line and twice the same included."""
    body = 'shared = [\n    "a.py", "b.py",\n\n    # "/c.py"\n    "/c.py",\n    "d.py",\n    "/c.py",\n]\n'
    assert [("a.toml:6", "outside"), ("a.toml:8", "outside")] == places({"a.toml": context(body)})
    rules = read_rules({"a.toml": context(body.replace('"/c', '"c'))}).rules
    assert [("a.py", 3), ("b.py", 3), ("c.py", 6), ("d.py", 7), ("c.py", 8)] == [(r.patterns[0], r.line) for r in rules]


def test_contexts_and_ports_are_taken_once() -> None:
    """A name or a port that another file has is told where it comes second, with the first."""
    files = {"a.toml": context("port = 1\n"), "b.toml": context("port = 2\n"), "c.toml": context("port = 1\n", "c")}
    found = [(p.place(), p.code, p.message.rpartition(" ")[2]) for p in mistakes(files)]
    assert [("b.toml:1", "context-twice", "a.toml"), ("c.toml:2", "port-twice", "a")] == found


SHOP: dict[str, str | bytes] = {
    "decompose.toml": 'package = "shop"\nentry = ["shop.main:app"]\nrules = "contexts"\n',
    "shop/__init__.py": "",
    "shop/main.py": """from fastapi import FastAPI
from shop.orders import router, health
from shop.sub import users

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.include_router(router, prefix="/v1")
app.include_router(users.router)
""",
    "shop/orders.py": """from fastapi import APIRouter
from shop import helper

router = APIRouter(prefix="/orders")


@router.get("/{id}")
def order(id: int): ...


def health(): ...
""",
    "shop/sub/__init__.py": "",
    "shop/sub/users.py": """from fastapi import APIRouter
from shop import common, helper

router = APIRouter()


@router.get("/v1/users")
def users(): ...


@router.get("/v2/users")
def users2(): ...
""",
    "shop/sub/deep/__init__.py": "",
    "shop/sub/deep/gpu_pool.py": "from shop import common\n\n\nclass Pool: ...\n",
    "shop/helper.py": "X = 1\n",
    "shop/common.py": "X = 1\n",
    "shop/tables.py": """from sqlmodel import SQLModel


class Order(SQLModel, table=True):
    __tablename__ = "shop_order"
""",
    "shop/a.py": "",
}


def owners(root: Path) -> dict[str, str]:
    """The context of each file by its path below the package."""
    document = analyze(Options(repo=root, cache=False)).value
    return {file["path"].removeprefix("shop/"): file["context"] for file in document["files"]}


def claimed(repository: Write, kind: str, patterns: list[str]) -> set[str]:
    """The files that one rule claims."""
    rule = f'[[rule]]\n{kind} = {json.dumps(patterns)}\nreason = "r"\n'
    root = repository({**SHOP, "contexts/a.toml": context(rule)})
    return {path for path, owner in owners(root).items() if owner == "a"}


@pytest.mark.parametrize(
    ("kind", "patterns", "expected"),
    [
        ("modules", ["orders", "sub.deep.*"], {"orders.py", "sub/deep/gpu_pool.py"}),
        ("modules", ["sub"], {"sub/__init__.py"}),
        ("modules", ["shop.orders"], set()),
        (
            "paths",
            ["sub/users.py", "*.py"],
            {p[5:] for p in SHOP if p.startswith("shop/") and p.count("/") == 1} | {"sub/users.py"},
        ),
        ("tables", ["shop_*"], {"tables.py"}),
        ("tables", ["order"], set()),
        ("symbols", ["Pool", "heal*"], {"sub/deep/gpu_pool.py", "orders.py"}),
        ("routes", ["/v1/orders"], {"orders.py"}),
        ("routes", ["/v1/order", "/v1/users"], set()),
        ("routes", ["/v1/users/", "/v2"], {"sub/users.py"}),
        ("keywords", ["gpu", "order"], {"sub/deep/gpu_pool.py"}),
        ("keywords", ["sub"], {"sub/__init__.py", "sub/users.py", "sub/deep/__init__.py", "sub/deep/gpu_pool.py"}),
    ],
)
def test_each_kind_matches_what_it_says(repository: Write, kind: str, patterns: list[str], expected: set[str]) -> None:
    """Modules below the package, paths, tables and symbols that a file defines, all its routes, words of its path."""
    assert expected == claimed(repository, kind, patterns)


def test_followers_go_where_all_their_users_are(repository: Write) -> None:
    """A file that only one context uses follows it; one that two use, or that no pattern names, does not."""
    rules = {
        "contexts/a.toml": context(
            '[[rule]]\npaths = ["orders.py"]\nreason = "r"\n[[rule]]\nfollows = ["*.py"]\nreason = "f"\n'
        ),
        "contexts/b.toml": context(
            '[[rule]]\npaths = ["sub/**"]\nreason = "r"\n[[rule]]\nfollows = ["*.py"]\nreason = "f"\n', "b"
        ),
    }
    found = owners(repository({**SHOP, **rules}))
    assert ("b", "") == (found["common.py"], found["helper.py"])


def test_every_kind_is_described_and_tested() -> None:
    """Each kind says what it matches, with an example, and comes before the weaker ones."""
    tested = {
        mark.args[1][i][0] for mark in test_each_kind_matches_what_it_says.pytestmark for i in range(len(mark.args[1]))
    }
    assert set(KINDS) == tested | {"follows"}
    assert all("`" in kind.description and name == kind.name for name, kind in KINDS.items())
    precedences = [kind.precedence for kind in KINDS.values()]
    assert sorted(precedences, reverse=True) == precedences and len(set(precedences)) == len(precedences)


@pytest.mark.parametrize(
    ("pattern", "matches", "others"),
    [
        ("a.py", ["a.py"], ["xa.py", "a.pyc", "aXpy", "sub/a.py"]),
        ("*.py", ["a.py", ".py"], ["sub/a.py"]),
        ("sub/*.py", ["sub/a.py"], ["sub/deep/a.py", "sub.py"]),
        ("sub/**", ["sub/a.py", "sub/deep/a.py"], ["sub", "subway/a.py"]),
        ("**/a.py", ["a.py", "sub/a.py", "sub/deep/a.py"], ["ba.py", "sub/ba.py"]),
        ("sub/**/a.py", ["sub/a.py", "sub/x/y/a.py"], ["sub/xa.py", "a.py"]),
        ("a?.py", ["ab.py"], ["a.py", "a/.py", "abc.py"]),
        ("[a].py", ["[a].py"], ["a.py"]),
        ("**", ["a", "a/b/c"], []),
    ],
)
def test_globs_stay_in_a_folder_unless_doubled(pattern: str, matches: list[str], others: list[str]) -> None:
    """`*` and `?` stay within one folder, `**` crosses them, everything else means itself, and all must match."""
    assert matches == [path for path in (*matches, *others) if compile_glob(pattern).fullmatch(path)]


def precedences(text: str) -> dict[str, int]:
    """The precedence of each rule by its first pattern."""
    return {rule.patterns[0]: rule.precedence for rule in read_rules({"a.toml": context(text)}).rules}


def test_what_is_written_out_speaks_louder() -> None:
    """A path or module without wildcards has more weight by default; what a rule says itself holds for all of it."""
    assert {"a.py": 80, "b_*.py": 60} == precedences('[[rule]]\npaths = ["a.py", "b_*.py"]\nreason = "r"\n')
    assert {"a": 110, "b_*": 90} == precedences('[[rule]]\nmodules = ["a", "b_*"]\nreason = "r"\n')
    assert {"a.py": 0, "b_*": 0} == precedences('[[rule]]\npaths = ["a.py", "b_*"]\nprecedence = 0\nreason = "r"\n')
    assert {"config.py": 90, "db/**": 70} == precedences('shared = ["config.py", "db/**"]\n')
    for kind in set(KINDS) - {"paths", "modules"}:
        assert {"x": KINDS[kind].precedence} == precedences(f'[[rule]]\n{kind} = ["x"]\nreason = "r"\n')


def test_the_loudest_rule_decides_and_shared_means_the_core(repository: Write) -> None:
    """A written path beats a glob, `shared` in any context's file gives files to the core."""
    rules = {
        "contexts/a.toml": context(
            'shared = ["common.py", "sub/**"]\n[[rule]]\npaths = ["*.py", "sub/users.py"]\nreason = "r"\n'
        ),
        "contexts/b.toml": context('[[rule]]\npaths = ["orders.py"]\nreason = "r"\n', "b"),
    }
    found = owners(repository({**SHOP, **rules}))
    assert ("b", CORE, CORE) == (found["orders.py"], found["common.py"], found["sub/deep/gpu_pool.py"])
    assert ("a", "a") == (found["helper.py"], found["sub/users.py"])


OVERLAP = {
    "contexts/a.toml": context('port = 1\n[[rule]]\npaths = ["orders.py"]\nreason = "r"\n'),
    "contexts/b.toml": context('[[rule]]\npaths = ["orders.py", "nothing_*.py"]\nreason = "r"\n', "b"),
}


def test_two_rules_that_claim_a_file_equally_are_a_problem_that_names_both(repository: Write) -> None:
    """Nobody owns the file, both rules are named with their places, and analyze ends with exit code 1."""
    root = repository({**SHOP, **OVERLAP})
    document = analyze(Options(repo=root, cache=False)).value
    [problem] = [p for p in document["problems"] if p["code"] == "rule-conflict"]
    assert ("shop/orders.py", "error") == (problem["path"], problem["severity"])
    assert "`a` (paths at contexts/a.toml:3) and `b` (paths at contexts/b.toml:2)" in problem["message"]
    assert ["shop/orders.py"] == [u["path"] for u in document["unassigned"] if "equal precedence" in u["reason"]]


def test_a_pattern_that_matches_nothing_is_a_warning(repository: Write) -> None:
    """Each idle pattern is told with its rule's place, and is no reason to fail."""
    root = repository({**SHOP, "contexts/b.toml": OVERLAP["contexts/b.toml"]})
    [problem] = analyze(Options(repo=root, cache=False)).value["problems"]
    assert ("contexts/b.toml", 2, "rule-matches-nothing", "warning") == (
        problem["path"], problem["line"], problem["code"], problem["severity"],
    )  # fmt: skip
    assert "nothing_*.py" in problem["message"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "contexts: error: there is no such folder of rules [no-rules]"),
        ({"contexts/readme.txt": ""}, "contexts: error: the folder has no rule file (*.toml) [no-rules]"),
        ({"contexts/.#a.toml": ""}, "contexts: error: the folder has no rule file (*.toml) [no-rules]"),
        (
            {"decompose.toml": 'package = "shop"\nrules = ".venv/contexts"\n'},
            ".venv/contexts: error: `.venv` is never looked into [no-rules]",
        ),
        ({"contexts/a.toml": "name = 3\n"}, "contexts/a.toml:1: error: `name` must be a string [wrong-type]"),
    ],
)
def test_rules_that_cannot_be_read_end_the_command_with_2(repository: Write, files: dict[str, str], told: str) -> None:
    """The folder that is not there, is empty or never read, and a file with mistakes: a line each, exit code 2."""
    root = repository({**SHOP, **files})
    for words in (["analyze"], ["graph"], ["explain", "shop.a"], ["extract", "a", "--dry-run"]):
        done = CliRunner().invoke(application, [*words, "--repo", str(root)])
        assert (2, "") == (done.exit_code, done.stdout)
        assert done.stderr.startswith(told) and 1 == done.stderr.count("\n")


def test_rules_outside_the_repository_are_refused(repository: Write, tmp_path: Path) -> None:
    """A folder or a file of rules that a link leads out of the repository to is not read."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.toml").write_text(context(GOOD_RULE), "utf-8")
    root = repository(SHOP)
    (root / "contexts").symlink_to("../elsewhere")
    with pytest.raises(DecomposerError, match=r"contexts: error: the folder of rules lies outside the repository"):
        analyze(Options(repo=root, cache=False))
    (root / "contexts").unlink()
    (root / "contexts").mkdir()
    (root / "contexts/a.toml").symlink_to("../../elsewhere/a.toml")
    with pytest.raises(DecomposerError, match=r"contexts/a.toml: error: is a link that leaves the repository"):
        analyze(Options(repo=root, cache=False))
    assert "a" == {f["path"]: f["context"] for f in analyze(
        Options(repo=root, cache=False, rules=tmp_path / "elsewhere")
    ).value["files"]}["shop/a.py"]  # fmt: skip


def test_an_unknown_context_is_told_with_those_that_are_known(repository: Write) -> None:
    """Naming a context that no rule file defines ends with the list of those that are."""
    root = repository({**SHOP, "contexts/b.toml": OVERLAP["contexts/b.toml"]})
    with pytest.raises(DecomposerError, match=r"no rule file defines the context `nope`.*known contexts: core, b"):
        extract(Options(repo=root, cache=False), ("nope",))


def test_nothing_is_a_rule_set() -> None:
    """No files are no contexts and no rules."""
    assert RuleSet() == read_rules({})


LINES = '''# a comment with "quotes" and [brackets]
title = "x = 1" # [no.table]
multi = """
[[rule]]
y = 1"""  # five lines in all
literal = \'\'\'
\'\' \'\'\'
list = [ 1, # one
  [2,
   3], "a]",
  { k = 1, l = [
    5 ] },
]
a . "b.c" . d = 1979-05-27 07:32:00

[ table . "quo\\u0074ed" ]
x.y = true
[[rule]]
  [rule.inner]
  z = 1
[[rule]]
[[rule.sub]]
[[rule.sub]]
q = "\\""
'''


def test_lines_of_everything_in_a_toml_file() -> None:
    """Keys, dotted and quoted ones, list items, inline tables and lists of tables have the line they begin on."""
    assert {
        (): 1, ("title",): 2, ("multi",): 3, ("literal",): 6, ("list",): 8, ("list", 0): 8, ("list", 1): 9,
        ("list", 1, 0): 9, ("list", 1, 1): 10, ("list", 2): 10, ("list", 3): 11, ("list", 3, "k"): 11,
        ("list", 3, "l"): 11, ("list", 3, "l", 0): 12, ("a",): 14, ("a", "b.c"): 14, ("a", "b.c", "d"): 14,
        ("table",): 16, ("table", "quoted"): 16, ("table", "quoted", "x"): 17, ("table", "quoted", "x", "y"): 17,
        ("rule",): 18, ("rule", 0): 18, ("rule", 0, "inner"): 19, ("rule", 0, "inner", "z"): 20, ("rule", 1): 21,
        ("rule", 1, "sub"): 22, ("rule", 1, "sub", 0): 22, ("rule", 1, "sub", 1): 23, ("rule", 1, "sub", 1, "q"): 24,
    } == lines(LINES)  # fmt: skip


VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), st.booleans())
def test_every_value_of_any_document_has_a_line(document: dict[str, object], indented: bool) -> None:
    """Whatever a TOML writer makes: each key is found, on the line where the text has it."""
    import tomlkit

    table = tomlkit.document()
    for key, value in document.items():
        item = tomlkit.item(value)
        if isinstance(item, tomlkit.items.Array):
            item.multiline(indented)
        table.append(tomlkit.key(key) if key else tomlkit.items.SingleKey("", tomlkit.items.KeyType.Basic), item)
    text = tomlkit.dumps(table)
    found = lines(text)
    written = text.split("\n")
    for key in document:
        line = written[found[key,] - 1]
        assert key.isalnum() is False or key in line


def test_what_hands_on_the_core_is_the_cores(tmp_path: Path) -> None:
    """At a name of the plan's, where no rule says otherwise; a module that defines something is for a team to place."""
    alias = 'import sys\n\nimport shop_core.{0}\n\nsys.modules[__name__] = sys.modules["shop_core.{0}"]\n'
    write_files(tmp_path, {
        "decompose.toml": 'source = "."\npackage = "shop"\nentry = ["shop.main:app"]\nrules = "rules"\n',
        "rules/sales.toml": context('[[rule]]\npaths = ["core/logging.py", "main.py"]\nreason = "Ours."\n', "sales"),
        "shop/__init__.py": "", "shop/main.py": "app = None\n", "shop/core/config.py": alias.format("config"),
        "shop/core/logging.py": alias.format("logging"), "shop/core/mail.py": alias.format("mail"),
        "shop/core/database.py": "import sys\n\nimport shop_core.database\n\n\ndef connect(): ...\n",
    })  # fmt: skip
    owned = analysis(Options(repo=tmp_path, cache=False)).assignment
    assert {"config": CORE, "logging": "sales", "mail": "", "database": ""} == {
        name: owned.context(f"shop/core/{name}.py") for name in ("config", "logging", "mail", "database")
    }
