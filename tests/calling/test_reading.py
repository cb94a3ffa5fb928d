"""Requests are found in every form in which they are written, with what is known of their addresses."""

from __future__ import annotations

import pytest

from decomposer.calling.javascript import parsers, script_calls
from decomposer.calling.shell import shell_calls
from decomposer.model.http_calls import HttpCall
from decomposer.syntax.http_calls import python_calls


def told(calls: list[HttpCall]) -> list[str]:
    """Method and address of each."""
    return [f"{call.method} {call.shown()}" for call in calls]


@pytest.mark.parametrize(("code", "expected"), [
    ('httpx.get("/v1/a")', "GET /v1/a"),
    ('await session.post(url="/v1/a", json={})', "POST /v1/a"),
    ('client.request("delete", f"/v1/a/{number}")', "DELETE /v1/a/{number}"),
    ('client.stream(method, "/v1/a")', " /v1/a"),
    ('requests.put("http://h:1/v1/" + name)', "PUT http://h:1/v1/{name}"),
    ('requests.get("/v1/%s/b" % name)', "GET /v1/{}/b"),
    ('requests.get("/v1/{x}/b".format(x=1))', "GET /v1/{x}/b"),
    ('requests.get(urljoin(base, "/v1/b"))', "GET {base}/v1/b"),
    ('BASE = "http://h:1"\nrequests.get(f"{BASE}/v1/b")', "GET http://h:1/v1/b"),
    ('class C:\n    def __init__(self):\n        self.base = "http://h:1".rstrip("/")\n    def go(self):\n'
     '        self.http.get(f"{self.base}/v1/b")', "GET http://h:1/v1/b"),
    ('BASE = os.environ.get("URL", "http://h:1")\nrequests.get(BASE + "/v1/b")', "GET {URL}/v1/b"),
    ('async with client.ws_connect(f"{base}/v1/ws") as ws: ...', "WEBSOCKET {base}/v1/ws"),
    ('websockets.connect("ws://h:1/v1/ws")', "WEBSOCKET ws://h:1/v1/ws"),
])  # fmt: skip
def test_python(code: str, expected: str) -> None:
    """With httpx, requests, aiohttp, and what is called like them."""
    assert [expected] == told(python_calls(code.encode()))


BASED = {
    "where it is made": 'httpx.Client(base_url="http://h:1").get("/v1/a")',
    "bound to a name": 'c = httpx.Client(base_url="http://h:1/")\nc.get("v1/a")',
    "in a with": 'with httpx.Client(base_url="http://h:1") as c:\n    c.get("/v1/a")',
    "another in another function": 'def f():\n    with httpx.Client(base_url="http://h:1") as c:\n'
    '        c.get("/v1/a")\ndef g():\n    with httpx.Client(base_url="http://i:1") as c: pass',
    "kept in an attribute": 'class C:\n    def __init__(self):\n'
    '        self.c = httpx.AsyncClient(base_url="http://h:1")\n'
    '    async def go(self):\n        await self.c.get("/v1/a")',
    "kept in an attribute that is empty first": 'class C:\n    c = None\n    def __init__(self):\n'
    '        self.c = None\n    def on(self):\n        self.c = httpx.Client(base_url="http://h:1")\n'
    '    def go(self):\n        self.c.get("/v1/a")',
    "made by a function": 'def make():\n    return httpx.Client(base_url="http://h:1")\nwith make() as c:\n'
    '    c.get("/v1/a")',
    "by its constant": 'B = "http://h:1"\nc = httpx.Client(base_url=B)\nc.get("/v1/a")',
    "of aiohttp": 'async def f():\n    async with aiohttp.ClientSession("http://h:1") as s:\n'
    '        await s.get("/v1/a")',
    "with a transport": 'httpx.Client(base_url="http://h:1", transport=httpx.HTTPTransport(retries=1)).get("/v1/a")',
}


@pytest.mark.parametrize("code", BASED.values(), ids=BASED)
def test_a_client_that_begins_the_address(code: str) -> None:
    """However the client is kept; the literal is that of its address."""
    call = python_calls(code.encode())[-1] if "return" not in code else \
        next(one for one in python_calls(code.encode()) if not one.handed_on)  # fmt: skip
    assert ("GET http://h:1/v1/a", True) == (told([call])[0], call.based)
    assert code[call.literal.start : call.literal.end].startswith('"http://h:1')


@pytest.mark.parametrize("code", [
    'httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test").get("/v1/a")',
    'TestClient(app, base_url="http://test").get("/v1/a")',
    'def f(c):\n    c.get("/v1/a")\nc = httpx.Client(base_url="http://h:1")',
    'c = httpx.Client(base_url="http://h:1")\nc = httpx.Client(base_url="http://i:1")\nc.get("/v1/a")',
    'with httpx.Client(base_url="http://h:1") as c:\n    pass\ndef f():\n    c = other()\n    c.get("/v1/a")',
])  # fmt: skip
def test_a_client_whose_address_does_not_count(code: str) -> None:
    """It asks an application in its own process, or it is not known which client it is."""
    assert [("GET /v1/a", False)] == [(told([one])[0], one.based) for one in python_calls(code.encode())]


def test_an_address_with_a_host_is_not_begun_by_a_client() -> None:
    """As httpx has it."""
    (call,) = python_calls(b'httpx.Client(base_url="http://h:1").get("https://i/v1/a")')
    assert ("GET https://i/v1/a", False) == (told([call])[0], call.based)


@pytest.mark.parametrize("code", [
    'c = httpx.Client(base_url="http://h:1")\nc.get("/v1/a")\nask(c)',
    'def f():\n    c = httpx.Client(base_url="http://h:1")\n    c.get("/v1/a")\n    return c',
    'c = httpx.Client(base_url="http://h:1")\nc.get("/v1/a")\nc.send(asked)',
    'ask(httpx.Client(base_url="http://h:1")).get("x")',
])  # fmt: skip
def test_a_client_that_is_handed_on(code: str) -> None:
    """Is told with the line at which it goes to others: anything may be asked by it."""
    (call,) = [one for one in python_calls(code.encode()) if one.handed_on]
    assert (code.count("\n") + 1, " http://h:1/{…}") == (call.line, told([call])[0])


@pytest.mark.parametrize("code", [
    '@router.get("/v1/a")\ndef a(): ...', 'values.get("name")', 'values.get(name)', "values.get()", 'get("/v1/a")',
    'BASE = "x"\nBASE = "y"\nvalues.get(BASE)', 'queue.put(f"{a}-{b}")', "x = 1",
])  # fmt: skip
def test_what_is_no_request_in_python(code: str) -> None:
    """Routes, dictionaries, queues."""
    assert [] == python_calls(code.encode())


def test_a_default_is_kept() -> None:
    """What a setting is where nobody sets it."""
    (call,) = python_calls(b'import os\nos_ = os.getenv("URL", "http://h:1")\nhttpx.get(f"{os_}/v1/a")')
    assert ("URL", "http://h:1") == (call.address[0].text, call.address[0].default)


@pytest.mark.parametrize(("code", "ending", "expected"), [
    ("await fetch('/v1/a')", ".js", "GET /v1/a"),
    ("fetch(`/v1/a/${id}?x=1`, {method: 'POST', headers: {}})", ".ts", "POST /v1/a/{id}?x=1"),
    ("fetch(url + '/v1/a', {method})", ".js", "GET {url}/v1/a"),
    ("fetch('/v1/a', {method: verb})", ".js", " /v1/a"),
    ("const B = '/api'; axios.delete(B + '/v1/a')", ".jsx", "DELETE /api/v1/a"),
    ("const B = process.env.URL || 'http://h:1'; axios.get(`${B}/v1/a`)", ".js", "GET {process.env.URL}/v1/a"),
    ("axios({url: '/v1/a', method: 'put'})", ".js", "PUT /v1/a"),
    ("const f = async <T,>(x: T) => api.get<T>('/v1/a')", ".tsx", "GET /v1/a"),
    ("<p>fetch('/no')</p>\n<script>\n// fetch('/no')\nfetch('/v1/a')</script>", ".html", "GET /v1/a"),
    ("<script setup lang=\"ts\">const x: string = ''; $fetch('/v1/a')</script>", ".vue", "GET /v1/a"),
])  # fmt: skip
def test_scripts(code: str, ending: str, expected: str) -> None:
    """With fetch, axios, and what is called like them; not in comments, and of pages the scripts alone."""
    assert [expected] == told(script_calls(code.encode(), ending, parsers()))


def test_lines_and_places_in_pages() -> None:
    """Are those of the page."""
    page = b"<html>\n<script>\n\nfetch('/v1/\xc3\xa4')\n</script>"
    (call,) = script_calls(page, ".html", parsers())
    assert (4, b"'/v1/\xc3\xa4'") == (call.line, page[call.literal.start : call.literal.end])


@pytest.mark.parametrize("code", ["map.get('name')", "fetch(request)", "router.use('/v1')", "fetch('data.json')"])
def test_what_is_no_request_in_scripts(code: str) -> None:
    """Maps, routers, files beside."""
    assert [] == script_calls(code.encode(), ".js", parsers())


@pytest.mark.parametrize(("text", "expected"), [
    ("curl -s http://h:1/v1/a | jq .", "GET http://h:1/v1/a"),
    ('curl -X POST "$URL/v1/a/${id}" -d x', "POST {URL}/v1/a/{id}"),
    ("curl \\\n  -XPUT \\\n  -H 'a: b' \\\n  http://h:1/v1/a", "PUT http://h:1/v1/a"),
    ("curl --json '{}' '${URL:-http://h:1}/v1/a'", "POST {URL}/v1/a"),
    ("wget -q http://h:1/v1/a", "GET http://h:1/v1/a"),
    ("curl -I https://h/v1/<id>", "HEAD https://h/v1/{id}"),
    ("curl {{ base }}/v1/a", "GET {base}/v1/a"),
])  # fmt: skip
def test_shell(text: str, expected: str) -> None:
    """With curl and wget, over several lines, in any quotes."""
    assert [expected] == told(shell_calls(text))


def test_what_is_no_request_in_shell() -> None:
    """A package of that name, and an option's value."""
    assert [] == shell_calls("apt install curl\nlibcurl http://h:1/a\ncurl --version\n")
