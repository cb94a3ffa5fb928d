"""Which moves are made and which are refused, with the reason as a value."""

from __future__ import annotations

import pytest

from decomposer.model.moves import ALIAS, MovePlan
from decomposer.model.problems import DecomposerError
from decomposer.planning.moves import plan_moves

FILES = {
    "app/__init__.py": "",
    "app/a.py": "",
    "app/b.py": "",
    "app/a_stub.py": "",
    "app/a_stub.pyi": "",
    "app/billing/__init__.py": "",
    "app/billing/wallet.py": "",
    "app/billing/rates.csv": "",
    "app/billing/core/__init__.py": "",
    "app/finance/__init__.py": "",
    "shop/__init__.py": "",
    "shop/c.py": "",
    "tool.py": "",
    "scripts/run.py": "",
}


def plan(*words: str, files: dict[str, str] | None = None, here: str = "") -> MovePlan:
    """The plan of moves in a repository of some files."""
    present = {**FILES, **(files or {})}
    content = {path: text.encode() for path, text in present.items()}
    python = [path for path in present if path.endswith(".py")]
    pairs = list(zip(words[::2], words[1::2], strict=True))
    return plan_moves(
        pairs, python, lambda folder: [path for path in present if path.startswith(folder + "/")], content.get,
        here=here,
    )  # fmt: skip


def refused(*words: str, files: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """The codes of the problems that a move is refused for, each with what it is about."""
    with pytest.raises(DecomposerError) as error:
        plan(*words, files=files)
    assert all(problem.message and problem.severity == "error" for problem in error.value.problems)
    return [(problem.code, problem.path) for problem in error.value.problems]


@pytest.mark.parametrize("old", ["app.nothing", "app/nothing.py", "nothing", "app.billing.rates", "/app/a.py", "", "."])
def test_what_is_not_there_cannot_move(old: str) -> None:
    """Neither by name nor by path; a data file is no module."""
    assert [("no-module", old)] == refused(old, "app.x")


def test_each_missing_module_is_named() -> None:
    """One run tells all that is wrong."""
    assert [("no-module", "x"), ("no-module", "y"), ("same", "app.a")] == sorted(
        refused("x", "app.x", "y", "app.y", "app.a", "app.a")
    )


def test_a_name_that_two_files_have_is_ambiguous() -> None:
    """It names both paths; by its path either can move."""
    files = {"src/app/__init__.py": "", "src/app/a.py": ""}
    assert [("ambiguous", "app.a")] == refused("app.a", "app.x", files=files)
    moved = plan("src/app/a.py", "src/app/x.py", files=files)
    assert {"src/app/a.py": "src/app/x.py"} == moved.files
    assert ("src", "app") == (moved.source, moved.package)


@pytest.mark.parametrize(("old", "new", "there"), [
    ("app.a", "app.b", "app/b.py"),
    ("app.a", "app/b.py", "app/b.py"),
    ("app.a", "app.billing", "app/billing/__init__.py"),
    ("app.billing.wallet", "app.billing.core", "app/billing/core/__init__.py"),
    ("app.billing", "app.finance", "app/finance/__init__.py"),
    ("app.billing", "app.a", "app/a.py"),
    ("tool.py", "app", "app/__init__.py"),  # a word without a slash is a dotted name
])  # fmt: skip
def test_nothing_is_written_over(old: str, new: str, there: str) -> None:
    """A file, a package or a module of the name is in the way."""
    assert ("exists", there) in refused(old, new)


@pytest.mark.parametrize(("new", "there"), [
    ("app.B", "app/b.py"), ("app/B.py", "app/b.py"), ("app.ﬁn", "app/fin.py"), ("app.e\u0301", "app/\u00e9.py"),
    ("app.\u00c9", "app/\u00e9.py"), ("app.stra\u00dfe", "app/strasse.py"),
])  # fmt: skip
def test_names_that_some_disks_take_for_one_are_one(new: str, there: str) -> None:
    """Upper and lower case, composed and decomposed letters."""
    (code, path), = refused("app.a", new, files={there: ""})
    assert "exists" == code
    assert path != there


@pytest.mark.parametrize(("words", "folder"), [
    (("app.a", "app.Billing.a"), "app/Billing"), (("app/a.py", "app/Billing/core/a.py"), "app/Billing"),
    (("app.billing", "app.Billing"), "app/Billing"), (("app.a", "app.n.x", "app.billing.wallet", "app.N.y"), "app/N"),
])  # fmt: skip
def test_folders_that_some_disks_take_for_one_are_one(words: tuple[str, ...], folder: str) -> None:
    """One that is there, one that moves, and two that are made."""
    assert [("exists", folder)] == refused(*words)


def test_folders_that_differ_in_case_alone_may_be_used_where_they_are_there() -> None:
    """The disk that they lie on tells them apart."""
    there = {"app/Finance/__init__.py": "", "app/Finance/x.py": ""}
    assert {"app/a.py": "app/Finance/a.py"} == plan("app.a", "app.Finance.a", files=there).files


def test_a_module_does_not_change_its_case_alone() -> None:
    """On some disks its alias, or the removal of the old file, would be the end of the new one."""
    assert [("exists", "app/A.py")] == refused("app.a", "app.A")
    assert [("exists", "app/billing/Wallet.py")] == refused("app.billing.wallet", "app.billing.Wallet")


@pytest.mark.parametrize(("old", "meant"), [
    ("app.billing.walet", "app.billing.wallet"), ("app/billing/walet.py", "app/billing/wallet.py"),
    ("app.wallet", "app.billing.wallet"), ("billing.wallet", "app.billing.wallet"),
    ("app/wallet.py", "app/billing/wallet.py"), ("app.biling", "app.billing"), ("nothing.at.all", ""),
])  # fmt: skip
def test_what_was_probably_meant_is_named(old: str, meant: str) -> None:
    """The module of the same name elsewhere, or the one that is written almost so, in the way it was asked for."""
    with pytest.raises(DecomposerError) as error:
        plan(old, "app.x")
    (problem,) = error.value.problems
    assert (f"did you mean {meant}?" if meant else "name it by its path") in problem.hint


@pytest.mark.parametrize(("one", "two"), [("app.x", "app.X"), ("app.x\u00e9", "app.xe\u0301"), ("app.x", "app.x")])
def test_two_modules_do_not_get_one_name(one: str, two: str) -> None:
    """Nor two that some disks take for one."""
    assert {code for code, _ in refused("app.a", one, "app.b", two)} <= {"exists", "twice"}


def test_one_module_does_not_get_two_names() -> None:
    """Whether it is named alike both times or not, alone or in its package."""
    assert [("twice", "app.a")] == refused("app.a", "app.x", "app.a", "app.y")
    assert [("twice", "app.a")] == refused("app.a", "app.x", "app/a.py", "app.y")
    assert [("twice", "app.a")] == refused("app.a", "app.x", "app.a", "app.x")
    assert [("twice", "app.billing.wallet")] == refused("app.billing", "app.x", "app.billing.wallet", "app.y")


@pytest.mark.parametrize(("old", "new"), [
    ("app.billing", "app.billing.inner"), ("app.billing", "app/billing/core/billing"),
    ("app", "app.app"), ("app/billing", "app/billing"), ("app/billing/", "app/billing/core/"),
    ("app/billing/__init__.py", "app/billing"),
])  # fmt: skip
def test_nothing_goes_inside_itself(old: str, new: str) -> None:
    """A package does not go below itself in one move."""
    assert [("inside", new)] == refused(old, new)


@pytest.mark.parametrize("new", [
    "../x.py", "../app/x.py", "app/../../x.py", "/tmp/x.py", "/app/x.py", "../x", "./../x.py", "/",
])  # fmt: skip
def test_nothing_leaves_the_repository(new: str) -> None:
    """A path that leads out of it is refused as such."""
    (code, path), = refused("app.a", new)
    assert ("outside", new) == (code, path)


@pytest.mark.parametrize("new", [
    "app.class", "app.1x", "app.a-b", "app/a-b.py", "app.", ".x", "app..x", "app.x y", "my-pkg/x.py", "", "app/.py",
    "app.None", "app.\u00b2", "app.async", ".", "..",
])  # fmt: skip
def test_a_name_must_be_one_that_can_be_imported(new: str) -> None:
    """Every part is an identifier and no keyword."""
    assert [("no-name", new)] == refused("app.a", new)


@pytest.mark.parametrize("new", ["app.match", "app.type", "app._", "app.\u65e5\u672c", "app.print"])
def test_names_that_look_odd_are_names(new: str) -> None:
    """Soft keywords, builtins and letters of any script."""
    assert new == plan("app.a", new).moves[0].new


@pytest.mark.parametrize(("old", "new"), [
    ("app.a", "app.a"), ("app.a", "app/a.py"), ("app/a.py", "app/"), ("./app/a.py", "app.a"),
    ("app/a.py", "app/./a.py"),
    ("app.billing", "app.billing"), ("app.billing", "./app"), ("app/billing/__init__.py", "app/"),
])  # fmt: skip
def test_a_module_that_is_there_already_does_not_move(old: str, new: str) -> None:
    """By whatever path or name it is called."""
    assert [("same", new)] == refused(old, new)


@pytest.mark.parametrize("words", [
    ("app.a", "app.x", "shop.c", "shop.x"), ("app.a", "app.x", "app.b", "shop.b"), ("app.a", "x", "shop.c", "x2"),
])  # fmt: skip
def test_modules_of_several_packages_move_one_after_another(words: tuple[str, ...]) -> None:
    """One run knows one package that is left and one that is gone to."""
    assert ["several-packages"] == [code for code, _ in refused(*words)]


@pytest.mark.parametrize(("old", "new", "path", "name"), [
    ("app/a.py", "app/finance", "app/finance/a.py", "app.finance.a"),
    ("app/a.py", "app/finance/", "app/finance/a.py", "app.finance.a"),
    ("app/a.py", "app/fresh/", "app/fresh/a.py", "app.fresh.a"),
    ("app/a.py", "app/fresh", "app/fresh.py", "app.fresh"),
    ("app.a", "./shop/", "shop/a.py", "shop.a"),
    ("app/billing", "app/finance", "app/finance/billing", "app.finance.billing"),
    ("app/billing/", "shop/", "shop/billing", "shop.billing"),
    ("app/billing/__init__.py", "app/x/__init__.py", "app/x", "app.x"),
    ("app.a", "a", "a.py", "a"),
    ("tool", "app.tool", "app/tool.py", "app.tool"),
    ("scripts/run.py", "scripts/walk.py", "scripts/walk.py", "scripts.walk"),
])  # fmt: skip
def test_a_target_is_read_as_mv_does(old: str, new: str, path: str, name: str) -> None:
    """A path to a folder means into it, under the same name; a dotted name is the module's own."""
    move = plan(old, new).moves[0]
    assert (path, name) == (move.new_path, move.new)


@pytest.mark.parametrize(("old", "new", "path"), [
    ("a.py", "billing/a.py", "app/billing/a.py"), ("a.py", "billing/", "app/billing/a.py"),
    ("a.py", "x.py", "app/x.py"),
    ("./a.py", "./x.py", "app/x.py"), ("../app/a.py", "../app/finance/", "app/finance/a.py"),
    ("app/a.py", "app/x.py", "app/x.py"), ("app/a.py", "./x.py", "app/x.py"), ("a.py", "app.x", "app/x.py"),
    ("app.a", "finance/a.py", "app/finance/a.py"), ("app.a", "app/finance/a.py", "app/finance/a.py"),
])  # fmt: skip
def test_paths_may_be_those_seen_from_the_current_folder(old: str, new: str, path: str) -> None:
    """From there first, as a shell completes them, and from the root as always."""
    assert {"app/a.py": path} == plan(old, new, here="app").files


def test_a_path_from_the_current_folder_may_go_up() -> None:
    """To the folder itself, but not out of the repository."""
    assert {"app/a.py": "app/billing/a.py"} == plan("../a.py", ".", here="app/billing").files
    assert {"app/billing/wallet.py": "app/wallet.py"} == plan("wallet.py", "..", here="app/billing").files
    with pytest.raises(DecomposerError, match="outside"):
        plan("a.py", "../../x.py", here="app")


def test_a_package_takes_everything_with_it() -> None:
    """Its data files as well, and a module its stubs."""
    assert {
        "app/billing/__init__.py": "app/x/__init__.py", "app/billing/wallet.py": "app/x/wallet.py",
        "app/billing/rates.csv": "app/x/rates.csv", "app/billing/core/__init__.py": "app/x/core/__init__.py",
    } == plan("app.billing", "app.x").files  # fmt: skip
    assert {"app/a_stub.py": "app/x.py", "app/a_stub.pyi": "app/x.pyi"} == plan("app.a_stub", "app.x").files


def test_folders_on_the_way_become_packages() -> None:
    """All that are new; those that are packages already are left alone."""
    assert ("app/x", "app/x/y") == plan("app.a", "app.x.y.a").new_packages
    assert ("app/finance/x",) == plan("app.a", "app.finance.x.a").new_packages
    assert () == plan("app.a", "app.finance.a").new_packages
    assert () == plan("app.billing", "app.x").new_packages


def test_an_alias_of_an_earlier_move_gives_way() -> None:
    """At the module's path, and beside a package; any other file there does not."""
    alias = f"{ALIAS}app.a, expires 2030-01-01\n"
    assert ("app/x.py",) == plan("app.a", "app.x", files={"app/x.py": alias}).replaced
    assert ("app/x.py",) == plan("app.billing", "app.x", files={"app/x.py": alias}).replaced
    assert [("exists", "app/x.py")] == refused("app.a", "app.x", files={"app/x.py": "# an alias\n"})
    assert [("exists", "app/x.py")] == refused("app.billing", "app.x", files={"app/x.py": "# an alias\n"})


def test_moves_may_change_places() -> None:
    """A place that another module leaves is free."""
    assert {"app/a.py": "app/b.py", "app/b.py": "app/a.py"} == plan("app.a", "app.b", "app.b", "app.a").files
    assert {"app/a.py": "app/x.py", "app/b.py": "app/a.py"} == plan("app.b", "app.a", "app.a", "app.x").files
    assert [("exists", "app/b.py")] == refused("app.a", "app.b", "app.a_stub", "app.a")


def test_a_file_and_a_package_of_one_name_are_told_apart_first() -> None:
    """Neither moves while both are there: one of them cannot be imported, and an alias would take its place."""
    files = {"app/billing.py": "LOST = 1"}
    assert [("shadowed", "app/billing.py")] == refused("app/billing", "app/money", files=files)
    assert [("shadowed", "app/billing.py")] == refused("app/billing.py", "app/money.py", files=files)


def test_an_alias_is_not_moved() -> None:
    """What is only an alias says where the module is."""
    files = {"app/a.py": f"{ALIAS}app.z, expires 2030-01-01\n"}
    assert [("alias", "app/a.py")] == refused("app.a", "app.y", files=files)


def test_a_name_with_a_dot_in_it_is_no_module() -> None:
    """A path must end with a module's own name."""
    assert [("no-name", "app/c.txt")] == refused("app/a.py", "app/c.txt")


def test_the_configured_source_decides_between_modules_of_one_name() -> None:
    """A dotted name that may mean several modules means the one in the monolith."""
    python = ["one/src/app/__init__.py", "one/src/app/a.py", "two/src/app/__init__.py", "two/src/app/a.py"]
    made = plan_moves([("app.a", "app.b")], python, lambda _: [], {}.get, lambda: "two/src")
    assert {"two/src/app/a.py": "two/src/app/b.py"} == dict(made.files)
