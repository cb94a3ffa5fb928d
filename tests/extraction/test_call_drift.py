"""Where an owner's code changes after calls of it were rendered, that is told at its line, and a command mends it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app.checking import check
from decomposer.shell import certificates
from decomposer.shell.apply import apply_changes

CASES = Path(__file__).parent.parent / "cases" / "extract"
CORE = "apps/backend-core/src/backend_core/contracts"
NAMED = pytest.mark.parametrize("case, package", [("clients", "app"), ("clients_own_package", "billing")])


def extracted(root: Path, case: str) -> app.Options:
    """A case whose contexts have all left, and how it is worked on."""
    shutil.copytree(CASES / case / "before", root)
    options = app.Options(repo=root, rules=CASES / case / "rules", cache=False)
    apply_changes(root, app.extract(options, ("core", "orders", "billing")).change_set, "extract")
    assert [] == told(options)
    return options


def told(options: app.Options) -> list[str]:
    """What `check contract` finds of calls, as `path:line message`."""
    found = [one.problem for one in check(options, ("contract",), None)[0]]
    return [f"{one.path}:{one.line} {one.message}" for one in found if one.code == "contract-drift"]


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Puts something else in the place of a text that is there."""
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))


@NAMED
def test_a_changed_signature_is_told_at_its_line(case: str, package: str, tmp_path: Path) -> None:
    """Functions, methods and types; an extraction of the caller renders them anew, and nothing else."""
    options = extracted(tmp_path / "shop", case)
    bills = f"apps/billing/src/{package}/services/bills.py"
    edit(tmp_path / "shop", bills, "rounded: bool = False)", "rounded: bool = False, most: int = 3)")
    edit(tmp_path / "shop", bills, "    due: dt.date\n    kind", "    due: dt.date\n    paid: bool = False\n    kind")
    edit(tmp_path / "shop", bills, "def add(self, amount: int)", "def add(self, amount: float)")
    expected = [("25", "Bill"), ("37", "total"), ("78", "counter.add")]
    assert [f"{bills}:{line} {package}.services.bills.{name}, which orders calls, is not what {CORE}/services_bills.py "
            "says any more" for line, name in expected] == told(options)  # fmt: skip
    planned = app.extract(options, ("orders",))
    paths = {path.rpartition("/")[2] for path in planned.change_set.paths()}
    more = {"billing.py", "__init__.py"} if package != "app" else set()  # endpoints have new names of what they call
    assert f"{CORE}/services_bills.py" in planned.change_set.paths()
    assert {"services_bills.py", "bills.py", *more} == paths
    apply_changes(tmp_path / "shop", planned.change_set, "anew")
    assert [] == told(options)
    client = next((tmp_path / "shop/apps/orders/src/app").glob("**/services/bills.py")).read_text()
    assert "most: int = 3" in client
    assert () == app.extract(options, ("orders",)).change_set.changes


def test_the_owner_renders_its_callers_anew(tmp_path: Path) -> None:
    """A second extraction of the owner does the same."""
    options = extracted(tmp_path / "shop", "clients")
    edit(tmp_path / "shop", "apps/billing/src/app/services/ledger.py", "name: str", "name: str, by: str = ''")
    assert 1 == len(told(options))
    apply_changes(tmp_path / "shop", app.extract(options, ("billing",)).change_set, "anew")
    assert [] == told(options)


def test_what_cannot_be_called_any_more_is_told(tmp_path: Path) -> None:
    """With the reason and the line; nothing is rendered in its place."""
    options = extracted(tmp_path / "shop", "clients")
    edit(tmp_path / "shop", "apps/billing/src/app/services/ledger.py", "return int(session", "yield int(session")
    [found] = told(options)
    assert found.startswith("apps/billing/src/app/services/ledger.py:5 app.services.ledger cannot be called any more ")
    assert found.endswith("it is a generator, which goes on while it is read")
    assert not [path for path in app.extract(options, ("orders",)).change_set.paths() if "_clients" in path]


def test_what_another_body_does_is_no_drift(tmp_path: Path) -> None:
    """A contract is of signatures, not of what functions do."""
    options = extracted(tmp_path / "shop", "clients")
    edit(tmp_path / "shop", "apps/billing/src/app/services/bills.py", "* rate\n", "* rate + 0\n")
    assert [] == told(options)


def test_a_client_that_somebody_keeps_stays(tmp_path: Path) -> None:
    """It is not compared, and not written over."""
    options = extracted(tmp_path / "shop", "clients")
    client = tmp_path / "shop/apps/orders/src/app/_clients/services/ledger.py"
    client.write_text(client.read_text().partition("\n")[2])
    edit(tmp_path / "shop", "apps/billing/src/app/services/ledger.py", "name: str", "name: str, by: str = ''")
    changed = app.extract(options, ("orders",)).change_set.paths()
    assert "apps/orders/src/app/_clients/services/ledger.py" not in changed


def test_calls_of_contexts_that_were_cut_over_stay_in_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """When the owner changes, and the caller's code is the service's alone, its client tells what it calls."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)
    root = tmp_path / "shop"
    options = extracted(root, "clients")
    (root / "decompose.toml").write_text('source = "backend/src"\npackage = "app"\nentry = "app.main:app"\n'
                                         'scaffold = ["pyproject"]\n')  # fmt: skip
    apply_changes(root, app.cutover(options, ("orders",)).change_set, "cutover")
    assert [] == told(options)
    edit(root, "apps/billing/src/app/services/bills.py", "rounded: bool = False)", "rounded: bool = True)")
    assert ["apps/billing/src/app/services/bills.py:36"] == [line.partition(" ")[0] for line in told(options)]
    planned = app.extract(options, ("billing",))
    contract = next(one.after for one in planned.change_set.changes if one.path == f"{CORE}/services_bills.py")
    assert b"ISSUE = Operation" in (contract or b"") and b"rounded: bool = True" in (contract or b"")


def test_an_idempotent_name_that_is_not_called_is_told(tmp_path: Path) -> None:
    """At its rule, with what is called; a name that is, is not."""
    root, case = tmp_path / "shop", CASES / "clients_both_ways"
    shutil.copytree(case / "before", root)
    shutil.copytree(case / "rules", tmp_path / "rules")
    rules = tmp_path / "rules" / "orders.toml"
    options = app.Options(repo=root, rules=tmp_path / "rules", cache=False)
    apply_changes(root, app.extract(options, ("core", "billing")).change_set, "extract")

    def noted(*names: str) -> list[str]:
        text = (case / "rules" / "orders.toml").read_text()
        rules.write_text(text.replace('policy = "client"', f'policy = "client"\nidempotent = {json.dumps(names)}'))
        return [one.hint for one in app.extract(options, ("orders",)).problems if one.code == "not-called"]

    first, *others = noted("nothing_such")  # one for each rule
    assert others == noted(first.removeprefix("it calls ").partition(", ")[0])


@pytest.mark.parametrize("opens", ["services.orders:open_orders", "nope:get_session"])
def test_a_session_that_the_owner_has_not_is_an_error_at_its_rule(tmp_path: Path, opens: str) -> None:
    """What opens sessions has to be the owner's or the core's; nothing is written."""
    root, case = tmp_path / "shop", CASES / "clients_both_ways"
    shutil.copytree(case / "before", root)
    shutil.copytree(case / "rules", tmp_path / "rules")
    edit(tmp_path, "rules/orders.toml", "database:get_session", opens)
    options = app.Options(repo=root, rules=tmp_path / "rules", cache=False)
    apply_changes(root, app.extract(options, ("core", "billing")).change_set, "extract")
    found = [one for one in app.extract(options, ("orders",)).problems if one.severity == "error"]
    assert [("session-elsewhere", 9)] == [(one.code, one.line) for one in found]
    assert found[0].path.endswith("rules/orders.toml")


def configured(root: Path, case: str) -> app.Options:
    """A case whose contexts have all left and are written down as verified, with little rendered for them."""
    options = extracted(root, case)
    own = '\n[service]\npackage = "{context}"\n' if case == "clients_own_package" else ""
    (root / "decompose.toml").write_text('source = "backend/src"\npackage = "app"\nentry = "app.main:app"\n'
                                         f'scaffold = ["pyproject"]\n{own}')  # fmt: skip
    return options


@pytest.mark.parametrize("caller", [False, True], ids=["calls nobody", "calls others"])
def test_the_first_extraction_of_an_owner_renders_its_callers_anew(caller: bool, tmp_path: Path) -> None:
    """What has drifted since its caller left is not carried along as it was; after it nothing is left to do."""
    case = CASES / ("clients_both_ways" if caller else "clients")
    first, owner = ("billing", "orders") if caller else ("orders", "billing")
    root = tmp_path / "shop"
    shutil.copytree(case / "before", root)
    options = app.Options(repo=root, rules=case / "rules", cache=False)
    apply_changes(root, app.extract(options, ("core", first)).change_set, "extract")
    module, name = ("orders", "open_orders(who: str)") if caller else ("ledger", "name: str)")
    edit(root, f"backend/src/app/services/{module}.py", name, name.replace("str)", "str, by: str = '')"))
    assert [first] == [line.partition(", which ")[2].partition(" ")[0] for line in told(options)]
    planned = app.extract(options, (owner,))
    assert [line for line in planned.summary if "files that had been rendered are rendered anew" in line]
    apply_changes(root, planned.change_set, "extract")
    assert [] == told(options)
    assert () == app.extract(options, (owner,)).change_set.changes
    assert () == app.extract(options, (first,)).change_set.changes


@NAMED
def test_an_owner_that_was_cut_over_is_compared_where_it_lies(
    case: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Its modules are its service's alone: they are read there, and rendered from there."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)
    root = tmp_path / "shop"
    options = configured(root, case)
    apply_changes(root, app.cutover(options, ("orders", "billing")).change_set, "cutover")
    assert [] == told(options)
    bills = f"apps/billing/src/{package}/services/bills.py"
    edit(root, bills, "rounded: bool = False)", "rounded: bool = False, most: int = 3)")
    assert [f"{bills}:36"] == [line.partition(" ")[0] for line in told(options)]
    planned = app.extract(options, ("billing",))
    assert () == planned.problems
    assert {"services_bills.py", "bills.py"} <= {path.rpartition("/")[2] for path in planned.change_set.paths()}
    assert not [path for path in planned.change_set.paths() if path.startswith("backend/")]
    apply_changes(root, planned.change_set, "anew")
    assert [] == told(options)
    assert () == app.extract(options, ("orders",)).change_set.changes


@pytest.mark.parametrize("is_over", [False, True], ids=["extracted", "cut over"])
def test_a_module_that_is_gone_is_told_with_its_client(
    is_over: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """While the monolith finds the owner's modules, and when its service alone does."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)
    root = tmp_path / "shop"
    options = configured(root, "clients")
    if is_over:
        apply_changes(root, app.cutover(options, ("orders", "billing")).change_set, "cutover")
    (root / "apps/billing/src/app/services/ledger.py").unlink()
    assert ["apps/orders/src/app/_clients/services/ledger.py:0 calls app.services.ledger, which billing has not any "
            "more"] == told(options)  # fmt: skip
