"""`decompose limits`: what is too large, and the steps that bring it below, each of which the tool carries out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.fitting.services import fit_services
from decomposer.placing.suggestions import Suggestion, Worth
from tests.cli.test_commands import invoke
from tests.placing.shops import CONFIG, SHOP, rules, situation, write

pytest.importorskip("ortools", reason="OR-tools (decomposer[suggest]) is not installed")

LIMITS = "[limits]\nservice = 60\nservice_target = 50\nfile = 30\n"
LONG = "".join(f"def {name}_{number}():\n    return {number}\n\n\n" for name in "ab" for number in range(5))
FILES = {
    **SHOP,
    "decompose.toml": CONFIG + LIMITS,
    "rules/sales.toml": rules("sales", 'paths = ["sales.py", "order_*.py"]'),
    "shop/order_book.py": "from . import order_lines\n\n\ndef book():\n    return order_lines.lines()\n\n\n"
    "def dead_book():\n    return 0\n" + "# order\n" * 15,
    "shop/order_lines.py": "def lines():\n    return 1\n" + "# line\n" * 20,
    "shop/order_post.py": "def post():\n    return 1\n" + "# post\n" * 20,
    "shop/main.py": SHOP["shop/main.py"] + "\nfrom . import order_book, order_post\n\n\n@app.get('/book')\n"
    "def book():\n    return order_book.book(), order_post.post()\n",
}  # fmt: skip


def limits(root: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the document."""
    code, told, _ = invoke("limits", "--format", "json", *words, repo=root)
    return code, json.loads(told)


def service(document: dict[str, Any], name: str) -> dict[str, Any]:
    """What is told of one."""
    return next(one for one in document["services"] if one["name"] == name)


def test_a_service_gets_below_its_limit(tmp_path: Path) -> None:
    """Dead code goes first, then the service falls into several, each below the limit; the sum is right."""
    code, document = limits(write(tmp_path, FILES))
    sales = service(document, "sales")
    assert 1 == code
    assert "over limit" == sales["verdict"]
    assert ["prune", "divide"] == [step["kind"] for step in sales["steps"]]
    assert sales["loc_after"] == sales["loc"] - sum(step["saves"] for step in sales["steps"])
    assert all(part["lines"] < 60 for step in sales["steps"] for part in step["parts"])
    assert ("", []) == (sales["hindrance"], service(document, "stock")["steps"])


CIRCLE = {
    **FILES,
    "rules/sales.toml": rules("sales", 'paths = ["sales.py", "order_book.py", "order_lines.py", "order_post.py"]'),
    "shop/order_book.py": "from . import stock_room\n" + FILES["shop/order_book.py"],
    "shop/order_post.py": "from . import stock_room\n" + FILES["shop/order_post.py"] + "\n\ndef send():\n"
                          "    return stock_room.room()\n",
    "shop/stock_room.py": "def room():\n    return 1\n",
    "shop/stock_lists.py": "from . import order_book, order_post\n\n\ndef lists():\n"
                           "    return order_book.book(), order_post.send()\n",
    "shop/main.py": FILES["shop/main.py"] + "\nfrom . import stock_lists\n\n\n@app.get('/lists')\n"
                    "def lists():\n    return stock_lists.lists()\n",
}  # fmt: skip
"""Sales and the stock load each other, and whatever sales are divided into and the stock do as well."""


@pytest.mark.parametrize("files", [FILES, CIRCLE], ids=["plain", "circle"])
def test_each_step_can_be_carried_out(files: dict[str, str], tmp_path: Path) -> None:
    """In their order, with the lines that were told; a circle of services that was there is divided, not made."""
    root = write(tmp_path, files)
    _, before = limits(root)
    told = {name: service(before, name)["loc_after"] for name in ("core", "sales")}
    for step in service(before, "sales")["steps"]:
        told |= {part["name"]: part["lines"] for part in step["parts"]}
        command, *words = step["command"].split()[1:]
        if command == "prune":
            assert 0 == invoke(command, *words, "--dry-run", repo=root)[0]
        assert 0 == invoke(command, *words, repo=root)[0]
    code, after = limits(root)
    assert (0, told) == (code, {name: service(after, name)["loc"] for name in told})


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    """Files in a circle cannot be parted, nor can one file."""
    circle = {**FILES, "shop/order_lines.py": FILES["shop/order_lines.py"] + "from . import order_post\n" + "#\n" * 5,
              "shop/order_post.py": FILES["shop/order_post.py"] + "from . import order_lines\n" + "#\n" * 11,
              }  # fmt: skip
    assert "2 files with 62 lines load each other in a circle or own one table: shop/order_lines.py, …" \
        == service(limits(write(tmp_path / "a", circle))[1], "sales")["hindrance"]  # fmt: skip
    alone = {**FILES, "shop/order_post.py": FILES["shop/order_post.py"] + "# post\n" * 50}
    assert "shop/order_post.py alone has 72 lines: split it" \
        == service(limits(write(tmp_path / "b", alone))[1], "sales")["hindrance"]  # fmt: skip


def test_long_files_fall_into_modules(tmp_path: Path) -> None:
    """With the lines of each, or why not; those that fit without their dead code need nothing more."""
    use = "from . import long\n\n\ndef use():\n" + "".join(
        f"    long.{name}_{number}()\n" for name in "ab" for number in range(5))  # fmt: skip
    files = {**FILES, "shop/long.py": LONG, "shop/sales.py": SHOP["shop/sales.py"] + f"\n\n{use}",
             "shop/order_lines.py": FILES["shop/order_lines.py"] + "\n\ndef dead():\n" + "    print(1)\n" * 9,
             "rules/stock.toml": rules("stock", 'keywords = ["stock", "long"]', port=8102),
             "shop/main.py": FILES["shop/main.py"] + "\n\n@app.get('/use')\ndef use():\n    from .sales import use\n\n"
             "    return use(), open_shop()\n"}  # fmt: skip
    told = {one["path"]: one for one in limits(write(tmp_path, files))[1]["files"]}
    long = told["shop/long.py"]
    assert ("stock", 40) == (long["context"], long["loc_pruned"])
    assert (long["parts"] == [] and long["why_not"]) or all(part["lines"] <= 30 for part in long["parts"])
    assert told["shop/order_lines.py"]["loc_pruned"] <= 30 < told["shop/order_lines.py"]["loc"]
    assert [] == told["shop/order_lines.py"]["parts"]


def test_a_part_that_is_too_long_all_the_same_is_marked(tmp_path: Path) -> None:
    """What can leave a file leaves it; what stays is one function that is over the limit alone."""
    huge = "def huge():\n" + "    print(1)\n" * 40 + "\n\n"
    use = "from . import long\n\n\ndef use():\n    long.huge()\n" + "".join(f"    long.b_{n}()\n" for n in range(5))
    files = {**FILES, "shop/long.py": huge + LONG[LONG.index("def b_0") :], "shop/sales.py": SHOP["shop/sales.py"]
             + f"\n\n{use}", "rules/stock.toml": rules("stock", 'keywords = ["stock", "long"]', port=8102),
             "shop/main.py": FILES["shop/main.py"] + "\n\n@app.get('/use')\ndef use():\n    from .sales import use\n\n"
             "    return use(), open_shop()\n"}  # fmt: skip
    told = invoke("limits", repo=write(tmp_path, files))[1]
    assert ["50 (still over) + 21"] == [line.split("  ")[-1].strip() for line in told.splitlines()
                                        if line.startswith("shop/long.py")]  # fmt: skip


def test_a_file_that_a_program_made_is_nothing_to_split(tmp_path: Path) -> None:
    """Nor is anything of it dead by itself: it would come again."""
    made = "# Generated by the protocol compiler. DO NOT EDIT!\n" + FILES["shop/order_post.py"]
    files = {**FILES, "shop/order_post.py": made + "\n\ndef nobody():\n    return 1\n" + "# post\n" * 10}
    told = {one["path"]: one for one in limits(write(tmp_path, files))[1]["files"]}
    assert "it is generated, and would come again" == told["shop/order_post.py"]["why_not"]
    assert told["shop/order_post.py"]["loc"] == told["shop/order_post.py"]["loc_pruned"]


def test_a_file_that_nothing_can_import_is_nothing_to_split(tmp_path: Path) -> None:
    """A package has its name: that is what is told, and not how the package would fall apart."""
    files = {**FILES, "shop/order_post.py": FILES["shop/order_post.py"] + "# post\n" * 10,
             "shop/order_post/__init__.py": "def post():\n    return 1\n",
             "checks.toml": 'long = ["shop/order_post.py"]\n'}  # fmt: skip
    told = {one["path"]: one for one in limits(write(tmp_path, files))[1]["files"]}
    assert "nothing can import it: shop/order_post/__init__.py has its name" == told["shop/order_post.py"]["why_not"]


def test_a_baseline_lets_a_team_begin(tmp_path: Path) -> None:
    """What it knows does not fail; what grows does; a context alone may be asked for."""
    root = write(tmp_path, FILES)
    assert 1 == limits(root)[0]
    assert 0 == limits(root, "stock")[0]
    assert 0 == invoke("check", "limits", "--update-baseline", repo=root)[0]
    code, document = limits(root)
    assert (0, True) == (code, service(document, "sales")["known"])
    (root / "shop/order_post.py").write_text(FILES["shop/order_post.py"] + "# more\n")
    assert 1 == limits(root)[0]
    assert 2 == invoke("limits", "nonsense", repo=root)[0]


def test_without_a_solver_there_is_less(tmp_path: Path) -> None:
    """Dead code is told all the same."""
    now = situation(write(tmp_path / "now", FILES))
    dead = FILES["shop/order_book.py"].replace("def dead_book():\n    return 0\n", "")
    pruned = situation(write(tmp_path / "pruned", {**FILES, "shop/order_book.py": dead}))
    _, sales, _ = fit_services(now, pruned, 0, lambda _: 0, None, None)
    assert ["prune"] == [step.kind for step in sales.steps]


def test_what_belongs_elsewhere_leaves_by_one_command(tmp_path: Path) -> None:
    """All of it, for what is left is numbered anew: each service's step has its own lines and the whole command."""
    files = {**FILES, "shop/order_book.py": FILES["shop/order_book.py"] + "# order\n" * 30,
             "shop/order_post.py": "def post():\n    return 1\n" + "# post\n" * 15}  # fmt: skip
    now = situation(write(tmp_path, files))
    worth = Worth(0, 0, 0)
    moves = [Suggestion(number, (path,), (f"shop/{path}",), now.lines[f"shop/{path}"], "sales", "stock", "Used there.",
                        worth, worth) for number, path in ((2, "order_lines.py"), (5, "order_post.py"))]  # fmt: skip
    fits = {one.context: one for one in fit_services(now, now, 0, lambda _: 0, lambda _: moves, None)}
    (step,) = fits["sales"].steps
    assert ("move", "decompose suggest --accept 2,5") == (step.kind, step.command)
    assert (sum(move.lines for move in moves), fits["sales"].after) == (step.saves, step.left)


def test_the_core_has_a_limit_too(tmp_path: Path) -> None:
    """Which nobody but the team can keep."""
    now = situation(write(tmp_path, FILES))
    assert ["share less: [[dependency]] in the rules", ""] \
        == [fit_services(now, now, core, lambda _: 0, None, None)[0].hindrance for core in (60, 59)]  # fmt: skip
    less = situation(write(tmp_path, {**FILES, "shop/order_book.py": ""}))
    told = fit_services(now, less, 0, lambda placement: len(placement), None, None)[0]
    assert (0, len(less.now)) == (told.lines, told.after)


def test_text(tmp_path: Path) -> None:
    """The sum stands in the heading."""
    told = invoke("limits", repo=write(tmp_path, FILES))[1]
    assert "with these 2 steps" in told
    assert "1. take out code that nothing reaches, of all contexts at once, after a look with --dry-run: " in told
    assert "   decompose prune --degree dead-code\n" in told
    assert "\\x0a" not in told
