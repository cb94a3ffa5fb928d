"""How far contexts have come, and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from decomposer import app
from decomposer.planning.states import Amount, Progress, Standing, State, next_step
from decomposer.report.blocks import Text
from decomposer.report.status import status_blocks, status_document
from decomposer.shell import certificates
from decomposer.shell.apply import apply_changes
from tests.conftest import write_files
from tests.extraction.test_cutover_cases import CASES, told

CASE = next(case for case in CASES if case.name == "together")


def item(name: str, state: State, step: str = "", certificate: Standing = Standing.NONE) -> Progress:
    """A context in a state."""
    return Progress(name, 2, state, certificate, Amount(), Amount(), Amount(), 0, step and f"decompose {step} {name}")


@pytest.mark.parametrize(
    ("found", "has_baseline", "step"),
    [
        ([item("core", State.PLANNED, "extract"), item("a", State.PLANNED, "extract")], False, "verify --baseline"),
        ([item("core", State.PLANNED, "extract"), item("a", State.PLANNED, "extract")], True, "extract core"),
        ([item("core", State.VERIFIED), item("a", State.EXTRACTED, "verify"), item("b", State.PLANNED, "extract")],
         True, "verify a"),
        ([item("core", State.EXTRACTED, "verify"), item("a", State.EXTRACTED, "verify")], True, "verify"),
        ([item("core", State.VERIFIED), item("a", State.VERIFIED, "cutover"), item("b", State.PLANNED, "extract")],
         True, "extract b"),
        ([item("core", State.VERIFIED), item("a", State.VERIFIED, "cutover"), item("b", State.VERIFIED, "cutover")],
         True, "cutover a"),
        ([item("core", State.VERIFIED), item("a", State.CUT_OVER)], True, ""),
    ],
)  # fmt: skip
def test_one_command_is_next(found: Sequence[Progress], has_baseline: bool, step: str) -> None:
    """The baseline first; what is extracted is verified before more is; contexts are cut over when all are out."""
    assert (f"decompose {step}" if step else "") == next_step(found, has_baseline)


def test_the_end_is_told() -> None:
    """When all is cut over there is no next command; a certificate that fails is told with its place."""
    done = [item("core", State.VERIFIED), item("a", State.CUT_OVER, certificate=Standing.HOLDS)]
    assert Text("everything is cut over: decompose finish", "good") == status_blocks(done, "", True)[-1]
    bad = [item("a", State.EXTRACTED, "verify", Standing.FAILS)]
    assert any(isinstance(b, Text) and ".decompose/certificates/a.md" in b.text for b in status_blocks(bad, "x", True))
    assert any(isinstance(b, Text) and b.text.startswith("no baseline") for b in status_blocks(bad, "x", False))
    assert "a" == status_document(bad, "x", True)["contexts"][0]["name"]


def test_a_context_goes_through_its_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planned, extracted, extracted in part when a file comes back, verified, cut over; the figures move along."""
    from tests.extraction.trees import read_tree, write_tree

    root = tmp_path / "copy"
    write_tree(root, read_tree(CASE / "before"))
    options = told(CASE, root)
    worth: dict[str, Standing] = {}
    monkeypatch.setattr(certificates, "standings",
                        lambda *given: {name: worth.get(name, Standing.NONE) for name in given[2]})  # fmt: skip
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)

    def state() -> dict[str, tuple[str, int, int, int | None, str]]:
        found, *_ = app.status(options)
        return {p.name: (p.state.value, p.moved.files, p.left.files, p.operations, p.next) for p in found}

    assert ("planned", 0, 2, 1, "decompose extract orders") == state()["orders"]
    for name in ("orders", "carts"):
        apply_changes(root, app.extract(options, (name,)).change_set, name)
    assert ("extracted", 2, 0, 1, "decompose verify orders") == state()["orders"]
    write_files(root, {"backend/src/app/late/orders.py": ""})
    assert ("extracted in part", 2, 1, 1, "decompose extract orders") == state()["orders"]
    (root / "backend/src/app/late/orders.py").unlink()
    worth |= {"orders": Standing.HOLDS, "carts": Standing.STALE}
    assert ("verified", 2, 0, 1, "decompose cutover orders") == state()["orders"]
    assert ("extracted", 2, 0, 1, "decompose verify carts") == state()["carts"]
    apply_changes(root, app.cutover(options, ("orders", "carts")).change_set, "cutover")
    assert ("cut over", 2, 0, None, "") == state()["orders"]
    assert ("cut over", 2, 0, None, "decompose verify carts") == state()["carts"]
