"""Who answers what, from plain routes."""

from __future__ import annotations

from decomposer.checks.answering import Answers, answers, owner_key, owners_of, swapped
from decomposer.checks.carrying_on import nothing_newly_unresolved, same_tests
from decomposer.checks.contract import monolith_routes, nothing_lost, one_owner
from decomposer.model.certificate import FAILS, HOLDS, NOT_CHECKED
from decomposer.model.probes import Baseline, Probe, ServedRoute, Tests, Unresolved


def route(path: str, function: str = "f", module: str = "app.a", method: str = "GET", **more: object) -> ServedRoute:
    """A route that answers to one method."""
    return ServedRoute("http", (method,), path, function, module, **more)  # type: ignore[arg-type]


def test_the_first_answers() -> None:
    """Of two routes for one operation the first one counts; the other is a shadow, wherever it lies."""
    before = [route("/x", "first", "app.a"), route("/x", "second", "app.b"), route("/y")]
    assert Answers((("GET", "/x"),), (), (), ()) == answers(before, [route("/x", "first", "svc.routers.a")])
    assert Answers((), (("GET", "/x"),), (), ()) == answers(before, [route("/x", "second", "app.b")])
    found = answers(before, [route("/x", "third", "app.c"), route("/z"), route("/health"), route("/metrics")])
    assert (("GET", "/z"),) == found.gained
    assert ("GET /x is answered by c:third, not a:first",) == found.wrong


def test_a_part_of_a_split_module_answers_as_the_module_did() -> None:
    """By the same name and code, in a module that is called after it; where no code is known it is another's."""
    before = [route("/x", module="app.orders", code="1")]
    for module, code, is_same in (("app.orders_open", "1", True), ("app.orders_open", "2", False),
                                  ("app.orders_open", "", False), ("app.others_open", "1", False)):  # fmt: skip
        assert is_same == (not answers(before, [route("/x", module=module, code=code)]).wrong)
    assert answers(before, [route("/x", "g", "app.orders_open", code="1")]).wrong


def test_other_code_is_another_answer() -> None:
    """A function of the same name with other code is told; where no code is known, the name has to do."""
    before = [route("/x", code="1")]
    assert ("GET /x is answered by a:f, whose code is another now",) == answers(before, [route("/x", code="2")]).wrong
    assert () == answers(before, [route("/x")]).wrong


def test_owners() -> None:
    """An operation belongs to whoever's handler answers first, by names that reading and running agree on."""
    before = [route("/x", "create.<locals>.first"), route("/health")]
    owners = {("GET", "/x", owner_key("other.a", "first")): "jobs"}
    assert {("GET", "/x"): "jobs"} == owners_of(before, owners)


def test_one_owner_and_nothing_lost() -> None:
    """Two services for one operation fail for both, and what belongs to a service has to be served by it."""
    x, y = ("GET", "/x"), ("GET", "/y")
    answered = {"a": Answers((x,), (), (), ()), "b": Answers((x,), (), (), ())}
    owners = {x: "a", y: "b"}
    assert (FAILS, FAILS) == (one_owner("a", answered, owners).state, one_owner("b", answered, owners).state)
    assert ("GET /y is not served", "1 operation belongs to it") == nothing_lost("b", answered, owners).evidence
    assert HOLDS == nothing_lost("a", answered, owners).state
    alone = {"a": Answers((), (), (), ()), "b": Answers((x,), (), (), ())}
    assert "GET /x belongs to a" == one_owner("b", alone, owners).evidence[0]


def test_order_counts_where_routes_overlap() -> None:
    """Routes that can match one path keep their order; others may be anywhere."""
    before = [route("/jobs/{id}"), route("/jobs/all", "g"), route("/users", "h"), route("/files/{p:path}", "p"),
              route("/files/x", "q")]  # fmt: skip
    assert [] == swapped(before, [before[2], before[0], before[1]])
    assert ["GET /jobs/all is tried before GET /jobs/{id}, which it was not"] == swapped(before, [before[1], before[0]])
    assert 1 == len(swapped(before, [before[4], before[3]]))
    assert [] == swapped(before, [route("/jobs/all", "g", method="POST"), before[0]])


def test_routes_that_left_with_a_cut_over() -> None:
    """An operation that has gone is a failure, unless its context is cut over."""
    before = Baseline(1, "", "app.main:app", Probe(routes=(route("/x", dependencies=("a:b",)), route("/y"))))
    now = Probe(routes=(route("/x"),))
    found = monolith_routes(before, now)
    assert ("GET /y is gone", "GET /x lost a:b", "2 routes") == found.evidence
    assert ("GET /x lost a:b", "2 routes") == monolith_routes(before, now, {("GET", "/y")}).evidence


def test_tests_wherever_they_lie() -> None:
    """Tests are the same by file name and id; a new one may come if it passes."""
    before = Tests(("tests",), (("tests/test_a.py::test_x", "passed"), ("tests/test_b.py::test_y", "failed")))
    moved = Tests(("t",), (("apps/a/tests/test_a.py::test_x", "passed"), ("t/test_new.py::test_n", "passed")))
    left = Tests(("tests",), (("test_b.py::test_y", "failed"),))
    assert HOLDS == same_tests(before, [moved, left]).state
    assert "test_b.py::test_y: is gone, was failed" in same_tests(before, [moved]).evidence
    broken = Tests(("t",), (("test_a.py::test_x", "error"), ("test_n.py::test_n", "failed")))
    assert ("test_a.py::test_x: error, was passed", "test_n.py::test_n: failed, is new") == (
        same_tests(before, [broken, left]).evidence[:2]
    )
    assert NOT_CHECKED == same_tests(None, [moved]).state


def test_references_by_what_stays_of_them() -> None:
    """A reference that led nowhere may do so from its file's new place, and no other may."""
    before = [Unresolved("app/services/x.py", 3, "load", ("app.gone.Thing",))]
    after = [Unresolved("apps/a/src/a/services/x.py", 5, "load", ("a.gone.Thing",))]
    assert HOLDS == nothing_newly_unresolved(before, after).state
    more = [*after, Unresolved("y.py", 1, "lazy", ("n",), "no module")]
    assert ("y.py:1: n (no module)", "2 unresolved now, 1 before") == nothing_newly_unresolved(before, more).evidence
