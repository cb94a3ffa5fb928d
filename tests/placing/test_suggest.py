"""`decompose suggest`: the fewest changes to the rules that are worth it, and nothing made worse that must hold."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.app import Options, analyze
from decomposer.app import suggesting as app
from decomposer.changeset import Planned
from decomposer.model.problems import DecomposerError, Problem
from decomposer.placing.solver import units
from decomposer.placing.suggestions import accepted, newly_owned, suggestions
from tests.placing.shops import SHOP, rules, situation, write

pytest.importorskip("ortools", reason="OR-tools (decomposer[suggest]) is not installed")


def texts(planned: Planned) -> dict[str, str]:
    """What a change writes."""
    return {change.path: (change.after or b"").decode() for change in planned.change_set.changes}


def test_a_file_goes_where_its_calls_are(tmp_path: Path) -> None:
    """One change, with its reason and what it is worth; a rule by keyword may be overruled."""
    found = app.suggest(Options(repo=write(tmp_path, SHOP), cache=False))
    [one] = found["suggestions"]
    assert (["stock_prices.py"], "stock", "sales") == (one["paths"], one["from"], one["to"])
    assert "It has 4 calls with sales, no calls with stock." == one["reason"]
    assert (4, 0) == (one["before"]["calls"], one["after"]["calls"])
    assert (4, 0) == (found["before"]["calls"], found["after"]["calls"])


@pytest.mark.parametrize("firm", ['paths = ["stock_prices.py"]', 'modules = ["stock_prices"]'])
def test_what_a_team_placed_by_name_stays(tmp_path: Path, firm: str) -> None:
    """A path that is written out, or a module, is no mistake to be mended."""
    root = write(tmp_path, {**SHOP, "rules/stock.toml": rules("stock", firm, 'keywords = ["stock"]', port=8102)})
    assert [] == app.suggest(Options(repo=root, cache=False))["suggestions"]


def test_a_change_has_to_be_worth_it(tmp_path: Path) -> None:
    """Two calls do not overrule a rule of the team's."""
    text = "from .stock_prices import price, tax\n\n\ndef open_shop():\n    return price() + tax()\n"
    root = write(tmp_path, {**SHOP, "shop/sales.py": text})
    assert [] == app.suggest(Options(repo=root, cache=False))["suggestions"]


def test_accepting_writes_a_rule(tmp_path: Path) -> None:
    """At the end of the context's own file, whose text stays as it is; then nothing is suggested any more."""
    root = write(tmp_path, SHOP)
    planned = app.accept(Options(repo=root, cache=False), ("1",))
    assert () == planned.problems
    assert {
        "rules/sales.toml": SHOP["rules/sales.toml"] + '\n[[rule]]\npaths = ["stock_prices.py"]\n'
                            'reason = "It has 4 calls with sales, no calls with stock."\n',
    } == texts(planned)  # fmt: skip
    write(root, texts(planned))
    files = {file["path"]: file["context"] for file in analyze(Options(repo=root, cache=False)).value["files"]}
    assert "sales" == files["shop/stock_prices.py"]
    assert [] == app.suggest(Options(repo=root, cache=False))["suggestions"]


def test_a_loud_rule_is_outspoken(tmp_path: Path) -> None:
    """The new rule gets a precedence where the one that it overrules has a higher one than a path has."""
    loud = rules("stock", 'keywords = ["stock"]\nprecedence = 95', port=8102)
    root = write(tmp_path, {**SHOP, "rules/stock.toml": loud})
    planned = app.accept(Options(repo=root, cache=False), ("all",))
    assert () == planned.problems
    assert "precedence = 96\n" in texts(planned)["rules/sales.toml"]


@pytest.mark.parametrize("word", ["7", "sales", "nobody"])
def test_what_was_not_suggested_cannot_be_accepted(tmp_path: Path, word: str) -> None:
    """A number that there is not, a context that fits its limit, and another word."""
    with pytest.raises(DecomposerError, match="no-suggestion"):
        app.accept(Options(repo=write(tmp_path, SHOP), cache=False), (word,))


def test_what_is_refused_has_nothing_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in words nor in files: what comes next is told of a change that can be made."""
    options = app.Options(repo=write(tmp_path, SHOP), cache=False)
    assert ("next: decompose analyze",) == app.accept(options, ("1",)).summary
    monkeypatch.setattr(app, "_problems", lambda *_: [Problem("--accept", 0, "worse", "with these alone")])
    assert () == app.accept(options, ("1",)).summary


def test_a_file_that_follows_is_told(tmp_path: Path) -> None:
    """A file that goes where its users are goes along, with a warning."""
    root = write(tmp_path, {
        **SHOP, "rules/stock.toml": rules("stock", 'keywords = ["stock"]', 'follows = ["*.py"]', port=8102),
        "rules/sales.toml": rules("sales", 'paths = ["sales.py"]', 'follows = ["*.py"]'),
        "shop/rounding.py": "def near():\n    return 1\n",
        "shop/stock_prices.py": "from .rounding import near\n\n\n"
                                + SHOP["shop/stock_prices.py"].replace("price():\n", "price():\n    near()\n"),
    })  # fmt: skip
    planned = app.accept(Options(repo=root, cache=False), ("1",))
    assert {"error"} != {problem.severity for problem in planned.problems}
    write(root, texts(planned))
    files = {file["path"]: file["context"] for file in analyze(Options(repo=root, cache=False)).value["files"]}
    assert "sales" == files["shop/rounding.py"] == files["shop/stock_prices.py"]


def test_a_context_that_does_not_fit_is_divided(tmp_path: Path) -> None:
    """Into parts below the limit that load each other one way, with a rule file, a phase and a port each."""
    body = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(10))
    root = write(tmp_path, {
        **SHOP, "decompose.toml": SHOP["decompose.toml"] + "\n[limits]\nservice = 60\nservice_target = 50\n",
        "shop/stock_shelf.py": body, "shop/stock_truck.py": "from .stock_shelf import f1, f2, f3\n\n\n" + body,
    })  # fmt: skip
    [division] = app.suggest(Options(repo=root, cache=False))["divisions"]
    assert "stock" == division["context"]
    assert all(part["loc"] < 60 for part in division["parts"]) and division["stays"] < 60
    planned = app.accept(Options(repo=root, cache=False), ("all", "stock"))
    assert () == planned.problems
    written = texts(planned)
    assert {f"rules/{part['to']}.toml" for part in division["parts"]} == written.keys() - {"rules/sales.toml"}
    assert "phase = 2\nport = 8103\n" in written[f"rules/{division['parts'][0]['to']}.toml"]
    write(root, written)
    document = analyze(Options(repo=root, cache=False)).value
    assert {"over limit"}.isdisjoint(context["verdict"] for context in document["contexts"])
    assert [] == app.suggest(Options(repo=root, cache=False))["divisions"]


@pytest.mark.parametrize("large", [1, 2])
def test_what_alone_is_over_the_limit_has_a_part_of_its_own(tmp_path: Path, large: int) -> None:
    """No other part grows with it; it is told with what to do, whatever is accepted beside; two of them are refused."""
    body = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(10))
    root = write(tmp_path, {
        **SHOP, "decompose.toml": SHOP["decompose.toml"] + "\n[limits]\nservice = 60\nservice_target = 50\n",
        **{f"shop/stock_all{n}.py": body * 2 for n in range(large)},
        **{f"shop/stock_{n}.py": body[:400] for n in ("a", "b", "c")},
    })  # fmt: skip
    [division] = app.suggest(Options(repo=root, cache=False))["divisions"]
    sizes = sorted([division["stays"], *(part["loc"] for part in division["parts"])])
    assert [80] * large == [size for size in sizes if size >= 60]
    for wanted in (("stock",), ("all", "stock")):
        [told] = app.accept(Options(repo=root, cache=False), wanted).problems
        assert ("parts-over", "warning" if large == 1 else "error") == (told.code, told.severity)
        assert "80 lines would not be below the limit of 60" in told.message and "decompose prune" in told.hint
        assert large == told.message.count(" 80")


def test_without_or_tools_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, and how to install it."""
    for name in [name for name in sys.modules if name.startswith("ortools")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools.sat.python.cp_model", None)
    with pytest.raises(DecomposerError, match=r"decomposer\[suggest\]"):
        app.suggest(Options(repo=write(tmp_path, SHOP), cache=False))


_WORDS = ("sales", "stock", "staff")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sets(st.integers(0, 7), max_size=3), st.booleans()),
                min_size=8, max_size=8))  # fmt: skip
def test_nothing_that_must_hold_gets_worse(
    tmp_path_factory: pytest.TempPathFactory, modules: list[tuple[str, set[int], bool]]
) -> None:
    """Lines over the limit, circles of loads, owners of a table; whatever calls whatever, and the same every time."""
    files = {"decompose.toml": SHOP["decompose.toml"] + "\n[limits]\nservice = 30\nservice_target = 20\n",
             "rules/core.toml": SHOP["rules/core.toml"], "shop/__init__.py": "",
             "shop/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}  # fmt: skip
    for number, word in enumerate(_WORDS):
        files[f"rules/{word}.toml"] = rules(word, f'keywords = ["{word}"]', port=8101 + number)
    names = [f"{word}_{number}" for number, (word, _, _) in enumerate(modules)]
    for number, (_, used, lazily) in enumerate(modules):
        others = sorted(used - {number})
        above = "" if lazily else "".join(f"from . import {names[other]}\n" for other in others)
        within = "".join(f"    from . import {names[other]}\n" for other in others) if lazily else ""
        calls = "".join(f"    {names[other]}.{symbol}()\n" for other in others for symbol in ("first", "second"))
        files[f"shop/{names[number]}.py"] = (
            f"{above}\n\ndef first():\n{within}{calls}    return 1\n\n\ndef second():\n{within}{calls}    return 2\n"
        )
    found = situation(write(tmp_path_factory.mktemp("shop"), files))
    chosen = suggestions(found)
    assert chosen == suggestions(found)
    placement = accepted(found, chosen)
    before, after = found.hard(found.now), found.hard(placement)
    assert [] == after.worse_than(before, newly_owned(found, chosen))
    assert all(one.after.calls + one.after.transactions <= one.before.calls + one.before.transactions for one in chosen)
    for unit in units(found):
        assert len({placement.get(path) for path in unit.files}) == 1


@pytest.mark.proof
def test_the_replica_is_placed_in_time(replica: Path) -> None:
    """Some 280 modules, within 20 seconds from beginning to end, and nothing made worse."""
    started = time.perf_counter()
    document = app.suggest(Options(repo=replica, cache=False))
    assert time.perf_counter() - started < 20
    assert document["suggestions"]
    before, after = document["before"], document["after"]
    for figure in ("calls", "transactions", "overrun", "over", "circular", "tables_twice"):
        assert after[figure] <= before[figure]
    assert all(part["loc"] < 3000 for division in document["divisions"] for part in division["parts"])


def test_room_is_not_made_with_what_another_has_no_use_for(tmp_path: Path) -> None:
    """A context over its limit keeps files that it calls itself: a change that does not pay is not suggested."""
    body = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(10))
    root = write(tmp_path, {
        **SHOP, "decompose.toml": SHOP["decompose.toml"] + "\n[limits]\nservice = 60\nservice_target = 50\n",
        "shop/stock_shelf.py": body, "shop/stock_truck.py": "from .stock_shelf import f1, f2, f3\n\n\n"
                                                            "def go():\n    return f1(), f2(), f3()\n\n\n" + body,
        "shop/sales.py": SHOP["shop/sales.py"] + "\n\ndef look():\n    from .stock_shelf import f1\n    f1()\n",
    })  # fmt: skip
    found = app.suggest(Options(repo=root, cache=False))
    assert [["stock_prices.py"]] == [one["paths"] for one in found["suggestions"]]
    assert ["stock"] == [division["context"] for division in found["divisions"]]


def test_a_module_and_a_package_of_one_name_stay_together(tmp_path: Path) -> None:
    """One hides the other, and in two services it would be the other one that does."""
    root = write(tmp_path, {**SHOP, "shop/stock/__init__.py": "", "shop/stock/shelf.py": "SHELVES = 3\n"})
    together = next(group for group in situation(root).groups() if "shop/stock.py" in group)
    assert ("shop/stock.py", "shop/stock/__init__.py") == together
