"""Two answers compared, from values."""

from __future__ import annotations

import json
from typing import Any

from decomposer.model.smoke import OfContext
from decomposer.report.plain import render_plain
from decomposer.report.smoke import smoke_blocks
from decomposer.running.calls import Call
from decomposer.running.comparing import Answer, differences, flatten, shape, shown, volatile
from decomposer.running.judging import Asked, Owned, curl, judge

ONE = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
TWO = "0a0a0a0a-1111-2222-3333-444444444444"


def answer(value: Any, status: int = 200, by: str = "notes", **headers: str) -> Answer:
    """An answer of JSON."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Answer(status, (("content-type", "application/json"), *named), json.dumps(value).encode(), by)


def between(before: Answer, after: Answer, *again: Answer) -> list[str]:
    """The places at which an answer is otherwise; `again` are further runs of the monolith."""
    runs = [flatten(before), *map(flatten, again)]
    return [place for place, _, _ in differences(runs[0], flatten(after), volatile(runs))]


def test_what_differs_is_told_by_its_place() -> None:
    """Status, headers that matter, and JSON by pointer; types count, the order of keys does not."""
    before = answer({"a": 1, "b": [{"c/d": "x"}], "e": True})
    assert [] == between(before, answer({"e": True, "b": [{"c/d": "x"}], "a": 1}))
    assert ["status"] == between(before, answer({"a": 1, "b": [{"c/d": "x"}], "e": True}, 201))
    assert ["body /b/0/c~1d"] == between(before, answer({"a": 1, "b": [{"c/d": "y"}], "e": True}))
    assert ["body /e"] == between(before, answer({"a": 1, "b": [{"c/d": "x"}], "e": 1}))
    assert ["body /a"] == between(before, answer({"a": 1.0, "b": [{"c/d": "x"}], "e": True}))
    assert ["body /b", "body /b/0", "body /b/0/c~1d"] == between(before, answer({"a": 1, "b": [], "e": True}))
    assert ["body ", "body /e"] == between(before, answer({"a": 1, "b": [{"c/d": "x"}]}))


def test_headers_that_matter() -> None:
    """All count but those of the connection; of cookies the names; a header that is gone is a difference."""
    before = answer(1, location="/x", date="now", server="uvicorn", x_own="1", set_cookie="a=1; Path=/")
    assert [] == between(before, answer(1, location="/x", date="then", server="nginx", x_own="1", set_cookie="a=2"))
    assert ["header location"] == between(before, answer(1, location="/y", x_own="1", set_cookie="a=1"))
    assert ["header x-own"] == between(before, answer(1, location="/x", set_cookie="a=1"))
    assert ["header set-cookie"] == between(before, answer(1, location="/x", x_own="1", set_cookie="b=1"))


def test_other_bodies_are_compared_by_bytes() -> None:
    """What is not JSON, or says so and is none, is compared as it is."""
    plain = Answer(200, (("content-type", "text/plain"),), b"one")
    broken = Answer(200, (("content-type", "application/json"),), b"{")
    assert [] == between(plain, plain)
    assert ["body"] == between(plain, Answer(200, (("content-type", "text/plain"),), b"two"))
    assert ["body"] == between(broken, Answer(200, (("content-type", "application/json"),), b"{}x"))
    assert ["status", "header content-type"] == between(plain, Answer(trouble="no answer in time", body=b"one"))


def test_what_the_monolith_varies_is_compared_in_form() -> None:
    """Where two runs of the monolith differ, only a value of the same form is right: no null, no other kind of text."""
    before, again = answer({"id": ONE, "n": 1}), answer({"id": TWO, "n": 1})
    third = "11111111-2222-3333-4444-555555555555"
    assert [] == between(before, answer({"id": third, "n": 1}), again)
    assert ["body /id"] == between(before, answer({"id": None, "n": 1}), again)
    assert ["body /id"] == between(before, answer({"id": "unknown", "n": 1}), again)
    assert ["body /n"] == between(before, answer({"id": third, "n": 2}), again)
    assert ["body ", "body /id"] == between(before, answer({"n": 1}), again)
    assert ["body /id"] == between(before, answer({"id": third, "n": 1}))


def test_lists_that_vary() -> None:
    """Of a list whose size varies nothing below counts, but it is not to be empty where it never was."""
    before, again = answer([{"a": 1}]), answer([{"a": 1}, {"a": 2}])
    assert [] == between(before, answer([{"a": 7}, {"b": 2}, {"a": 3}]), again)
    assert ["body "] == [place for place in between(before, answer([]), again) if place == "body "]


def test_texts_of_several_forms_may_have_any() -> None:
    """A random name that has no form of its own is compared as a text."""
    before, again = answer({"name": "brave fox"}), answer({"name": "calm-owl"})
    assert [] == between(before, answer({"name": "odd newt"}), again)
    assert ["body /name"] == between(before, answer({"name": 3}), again)


def test_shapes() -> None:
    """What may vary is taken out of a text, the rest stays."""
    assert "job <uuid> at <time>" == shape(("str", f"job {ONE} at 2026-11-25T17:30:00.123456+00:00"))
    assert "req_<hex>" == shape(("str", "req_26132219e4194376")) == shape(("str", "req_2613221904194376"))
    assert "<number>s" == shape(("str", "0.25s"))
    assert "number" == shape(("int", 7)) == shape(("float", 0.5))
    assert "NoneType" == shape(("NoneType", None))
    assert "…" == shown("x" * 200)[-1]


def test_a_judgement() -> None:
    """Each request is equal, different, or not to be compared; who was to answer it counts, too."""
    get = Call("GET", "/v1/notes")
    asked = Asked((*[Owned("notes", get)] * 4, Owned("", Call("GET", "/health"))), ((),) * 5)
    first = [answer({"id": ONE}), answer(1), answer(1), answer(1, 200), answer("ok", by="monolith")]
    second = [answer({"id": TWO}), answer(1), answer(1), answer(1, 429), answer("ok", by="monolith")]
    new = answer({"id": "11111111-2222-3333-4444-555555555555"})
    routed = [new, answer(2), answer(1, by="monolith"), answer(1), answer("ok", by="monolith")]
    found = judge(asked, (first, second), routed)
    assert (OfContext("notes", 1, 1, 4, 1, 2, 1, 1), OfContext("", 1, 1, 1, 1)) == found.contexts
    assert [("body", "1", "2"), ("answered by", "notes", "monolith")] == \
        [(one.place, one.before, one.after) for one in found.differences]  # fmt: skip
    assert not found.holds()
    told = render_plain(smoke_blocks(found))
    assert "2 of 5 requests were answered differently." in told
    assert "GET /v1/notes: body (request 2, 200 -> 200)" in told
    assert "curl -i http://127.0.0.1:8080/v1/notes" in told


def test_what_varies_elsewhere_may_vary_here() -> None:
    """A place that varies in one answer of an operation is compared in form in its others, by chance alike in them."""
    calls = [Call("GET", "/v1/notes"), Call("GET", "/v1/notes", 1), Call("GET", "/v1/tags"), Call("GET", "/v1/more")]
    asked = Asked(tuple(Owned("notes", call) for call in calls), ((),) * 4)

    def took(seconds: str, value: Any) -> Answer:
        return answer([value], x_took=seconds)

    def judged(*routed: Answer) -> list[tuple[int, str]]:
        found = judge(asked, (first, second), routed)
        return [(one.number, one.place) for one in found.differences]

    first = [took("0.1", {"at": 1}), took("0.1", {"at": 3}), took("0.1", {"n": 1}), took("0.1", {"n": 1})]
    second = [took("0.2", {"at": 2}), took("0.1", {"at": 3}), took("0.3", {"n": 1}), took("0.1", {"n": 1})]
    assert [] == judged(first[0], took("0.9", {"at": 7}), first[2], took("0.9", {"n": 1}))
    assert [(2, "body /0/at")] == judged(first[0], took("0.9", {"at": None}), first[2], first[3])
    assert [(3, "body /0/n"), (4, "header x-took")] == judged(*first[:2], took("0.4", {"n": 2}), took("soon", {"n": 1}))


def test_no_credentials_are_told() -> None:
    """An answer that repeats a header that was given is shown without it."""
    asked = Asked((Owned("notes", Call("GET", "/v1/me")),), ((),), (("authorization", "Bearer abc.def"),))
    found = judge(asked, ([answer("you are abc.def")], [answer("you are abc.def")]), [answer("Bearer abc.def?")])
    assert [('"you are <authorization>"', '"<authorization> <authorization>?"')] == \
        [(one.before, one.after) for one in found.differences]  # fmt: skip


def test_nothing_compared_is_no_success() -> None:
    """A comparison of nothing does not hold."""
    assert not judge(Asked((), ()), ((), ()), ()).holds()


def test_a_request_to_repeat_has_no_secrets() -> None:
    """Headers that were given are variables of the shell; the rest is quoted for it."""
    call = Call("POST", "/v1/notes", query="a=1&b=2", headers=(("content-type", "application/json"),), body=b"{}")
    line = curl(call, "/v1/notes", b'{"a": "it\'s"}', (("Authorization", "Bearer secret"),))
    assert "curl -i -X POST 'http://127.0.0.1:8080/v1/notes?a=1&b=2' -H 'content-type: application/json' " \
        "-H \"Authorization: $AUTHORIZATION\" --data-binary '{\"a\": \"it'\"'\"'s\"}'" == line  # fmt: skip
