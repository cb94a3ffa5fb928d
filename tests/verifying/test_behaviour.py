"""Middleware, handlers, tables, mappers and tasks, compared as plain values."""

from __future__ import annotations

import pytest

from decomposer.checks import behaviour, isolation
from decomposer.model.certificate import FAILS, HOLDS, NOT_CHECKED
from decomposer.model.probes import Baseline, Middleware, Probe, SeenTable


def before(**known: object) -> Baseline:
    """A baseline whose probe saw this."""
    return Baseline(1, "", "app.main:app", Probe(**known))  # type: ignore[arg-type]


def test_middleware() -> None:
    """Order and options count; where a function among them is defined does not."""
    old = before(middleware=(Middleware("A"), Middleware("B", ("dispatch=create.<locals>.f", "x"))))
    same = Probe(middleware=(Middleware("A"), Middleware("B", ("dispatch=f", "x"))))
    assert HOLDS == behaviour.same_middleware(old, same).state
    swapped = behaviour.same_middleware(old, Probe(middleware=same.middleware[::-1]))
    assert "in another order: B(dispatch=f, x), A; before: A, B(dispatch=f, x)" == swapped.evidence[0]
    fewer = behaviour.same_middleware(old, Probe(middleware=(Middleware("A"), Middleware("B", ("x",)))))
    assert ("lost: B(dispatch=f, x)", "not there before: B(x)") == fewer.evidence[:2]


def test_what_answers_calls_between_services_may_be_new() -> None:
    """The middleware that answers them and the handler of those that fail are there on purpose, and nothing else is."""
    new = Probe(middleware=(Middleware("CallsBetweenServices", ("endpoints",)), Middleware("A")),
                handlers={"OwnerError": "tell_of_failed_call"})  # fmt: skip
    old = before(middleware=(Middleware("A"),))
    assert HOLDS == behaviour.same_middleware(old, new).state
    assert HOLDS == behaviour.same_handlers(old, new).state
    assert FAILS == behaviour.same_handlers(old, Probe(handlers={"OwnerError": "another"})).state
    assert FAILS == behaviour.same_handlers(old, Probe(handlers={"Other": "tell_of_failed_call"})).state


def test_what_runs_at_the_start() -> None:
    """A lost lifespan fails, and so does a new handler of events; that a service does without one is told."""
    old = before(starts=("lifespan run", "lifespan of_a_router", "startup warm_up"))
    alone = Probe(starts=("lifespan run",))
    found = behaviour.same_start(old, alone, False)
    told = ("does without lifespan of_a_router", "does without startup warm_up")
    assert (HOLDS, told) == (found.state, found.evidence)
    found = behaviour.same_start(old, alone, True)
    assert (FAILS, "lost: startup warm_up") == (found.state, found.evidence[1])
    found = behaviour.same_start(old, Probe(starts=("startup warm_up", "shutdown end")), False)
    assert (FAILS, ("lost: lifespan run", "not there before: shutdown end")) == (found.state, found.evidence[:2])
    assert NOT_CHECKED == behaviour.same_start(before(), alone, True).state


def test_tables() -> None:
    """A service may have fewer tables, with the columns and keys they had; the monolith has all of them."""
    column = ("id", "Integer()", False, True)
    table = SeenTable("t", (column, ("u", "Integer()", True, False)), ("u -> u.id",))
    old = before(tables=(table, SeenTable("u", (column,))), table_errors=("known",))
    assert HOLDS == behaviour.same_tables(old, Probe(tables=(table,), table_errors=("known",)), False).state
    assert ("u: is gone", "1 of 2 tables") == behaviour.same_tables(old, Probe(tables=(table,)), True).evidence
    other = SeenTable("t", (("id", "String()", False, True), ("v", "Integer()", True, False)))
    told = behaviour.same_tables(old, Probe(tables=(other,), table_errors=("new",)), False).evidence
    assert (
        "t.u: is gone", "t.v: was not there", "t.id: ('String()', False, True) instead of ('Integer()', False, True)",
        "t: foreign keys none instead of u -> u.id", "new",
    ) == told[:5]  # fmt: skip


def test_mappers_and_tasks() -> None:
    """What did not configure before need not now; a task must have its name."""
    assert HOLDS == behaviour.mappers_configure(before(all_mappers_error="x"), Probe(all_mappers_error="y")).state
    assert FAILS == behaviour.mappers_configure(before(), Probe(all_mappers_error="y")).state
    assert FAILS == behaviour.mappers_configure(before(mappers_error="x"), Probe(mappers_error="y")).state
    assert NOT_CHECKED == behaviour.same_tasks(before(), Probe(), True).state
    old = before(tasks=("a", "b"))
    assert HOLDS == behaviour.same_tasks(old, Probe(tasks=("a",)), False).state
    assert "b: is gone" == behaviour.same_tasks(old, Probe(tasks=("a",)), True).evidence[0]
    assert "c: there was no such task" == behaviour.same_tasks(old, Probe(tasks=("c",)), False).evidence[0]


def test_what_was_broken_may_stay_so() -> None:
    """A module that did not import in the monolith need not in a service, under whatever package."""
    old = before(imports=(("app.a", "E", "app/a.py:1"), ("app.b", "", "")))
    now = Probe(imports=(("svc.a", "E", "svc/a.py:1"), ("svc.b", "F", "svc/b.py:2")))
    found = isolation.imports_alone(old, now)
    assert ("svc/b.py:2: F (importing svc.b)", "2 modules", "as in the monolith: svc/a.py:1: E (importing svc.a)") == (
        found.evidence
    )
    other = isolation.imports_alone(old, Probe(imports=(("svc.b", "E", "svc/b.py:1"),)))
    assert FAILS == other.state
    assert "app.b is not found any more" == isolation.names_resolve(old, Probe(), {}).evidence[0]


def test_a_name_means_the_module_that_it_meant() -> None:
    """Where that lies, or where it has gone; what went elsewhere by other means is not known."""
    old = before(files={"app.a": "app/a.py", "app.b": "app/b.py", "app.c": "app/c.py"})
    moved = {"app/a.py": "one/app/a.py", "app/b.py": "one/app/b.py"}
    now = Probe(files={"app.a": "one/app/a.py", "app.b": "app/b.py", "app.c": "two/app/c.py"})
    assert HOLDS == isolation.names_resolve(old, now, moved).state
    found = isolation.names_resolve(old, Probe(files={"app.a": "two/app/a.py"}), moved)
    assert (FAILS, "app.a is two/app/a.py, and has gone to one/app/a.py") == (found.state, found.evidence[0])


@pytest.mark.parametrize(("error", "state"), [
    ("ModuleNotFoundError: No module named 'svc.b'", FAILS),
    ("ModuleNotFoundError: No module named 'svc.never'", HOLDS),
    ("ModuleNotFoundError: No module named 'torch'", HOLDS),
    ("ImportError: cannot import name 'B' from 'svc.b' (x)", FAILS),
    ("AttributeError: 'Config' object has no attribute 'x'", HOLDS),
])  # fmt: skip
def test_what_was_broken_may_be_so_for_another_reason(error: str, state: str) -> None:
    """But not for want of a module that the monolith had, or of a name in one."""
    old = before(imports=(("app.a", "E", "app/a.py:1"), ("app.b", "", "")))
    found = isolation.imports_alone(old, Probe(imports=(("svc.a", error, "svc/a.py:1"),)))
    assert state == found.state
    inside = isolation.imports_alone(old, Probe(imports=(("svc.a.inner", error, "svc/a/inner.py:1"),)))
    assert state == inside.state
    if state == HOLDS:
        assert f"nor did it import in the monolith: svc/a.py:1: {error} (importing svc.a)" == found.evidence[1]


def test_what_may_be_loaded() -> None:
    """Folders and single files that are the service's own, and with whose a file is that is not."""
    now = Probe(files={"app": "apps/a/app.py", "one": "libs/one.py", "m": "mono/m.py", "s": "apps/b/s.py", "x": "x.py"},
                importers={"m": "apps/a/app.py:3"})  # fmt: skip
    found = isolation.only_own_modules(now, ("apps/a", "libs/one.py"), {"mono": "the monolith", "apps/b": "b"})
    assert (
        "m is loaded from the monolith (mono/m.py), imported at apps/a/app.py:3", "s is loaded from b (apps/b/s.py)",
        "x is loaded from the repository (x.py)", "5 modules of the repository loaded",
    ) == found.evidence  # fmt: skip
