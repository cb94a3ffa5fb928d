"""The files for nginx, from values: beside the repository's own configuration, which is edited and otherwise kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_struct

from decomposer.model.config import Deploy
from decomposer.scaffold.nginx.syntax import parse, walk
from tests.scaffold.systems import operations, rendered, service, system

OWN = """upstream shop { server 127.0.0.1:8000; }  # as ever

server {
\tlisten 80;
\tlocation / {
\t\tproxy_pass http://shop;
\t\tproxy_set_header Host $host;
\t\tproxy_read_timeout 90s;
\t}
\tlocation /v1/orders/admin/ { allow 10.0.0.0/8; deny all; proxy_pass http://shop; proxy_set_header Host $host; }
\tlocation ~ ^/v1/orders/[^/]+/live$ {
\t\tproxy_pass http://shop; proxy_set_header Upgrade $http_upgrade; proxy_set_header Host $host;
\t\tproxy_read_timeout 2h;
\t}
\tlocation /api/ { proxy_pass http://127.0.0.1:8000/v1/; }
\tlocation /wiki/ { proxy_pass http://127.0.0.1:9000/; }
}
"""
ROUTES = operations(
    "orders GET /v1/orders", "orders GET /v1/orders/{id}", "orders WEBSOCKET /v1/orders/{id}/live",
    "orders GET /v1/orders/admin/totals", "orders GET /wiki/orders", "orders GET /api/orders", "- GET /metrics",
)  # fmt: skip
PATH = "infra/proxy/shop.conf"
INC = ("infra/proxy/shop-upstreams.inc", "infra/proxy/shop-locations.inc")


def located(text: str) -> dict[tuple[str, ...], list[str]]:
    """The locations of a file with what is in them."""
    return {one.words: [inner.text for inner in one.block or ()] for one in parse(text) if one.name == "location"}


def test_the_own_configuration_only_gains_two_lines() -> None:
    """One before the server, one in it; rendered again, nothing changes."""
    made = system([service("orders", 8101)], ROUTES, {PATH: OWN})
    files, problems = rendered("nginx", made)
    assert {PATH, *INC, "infra/proxy/flags/.gitignore"} == set(files)
    upstreams, locations = (f"include /srv/shop/{name};" for name in INC)
    assert OWN == files[PATH].replace(f"{upstreams}\n\n", "").replace(f"\n\t{locations}", "")
    assert files[PATH].index(upstreams) < files[PATH].index("server {\n\t" + locations)
    again, _ = rendered("nginx", system([service("orders", 8101)], ROUTES, {**files}))
    assert files == again
    assert ["nginx-mapped"] == [problem.code for problem in problems]


def test_a_configuration_is_known_by_what_it_includes() -> None:
    """Where the monolith listens elsewhere than is known, and but one location is left that leads there."""
    site = "server {\n    location /v1/ { proxy_pass http://10.0.0.1:8203/v1/; }\n" \
        "    location /up { proxy_pass http://10.0.0.1:8203/metrics; }\n}\n"  # fmt: skip
    other = "server { location / { proxy_pass http://127.0.0.1:8000; } }\n"
    files, problems = rendered("nginx", system([service("orders", 8101)], ROUTES[:4] + ROUTES[-1:], {PATH: site}))
    assert "nginx-port" == problems[0].code
    left = files[PATH].replace("location /v1/ { proxy_pass http://10.0.0.1:8203/v1/; }", "")
    for more in ({}, {"other.conf": other}):
        again, problems = rendered("nginx", system([service("orders", 8101)], ROUTES[:4] + ROUTES[-1:],
                                                   {**files, **more, PATH: left}))  # fmt: skip
        assert (left, {*files}) == (again[PATH], {*again})
        assert "nginx-port" == problems[0].code


def test_a_configuration_that_leads_nowhere_else_stays_as_it_is() -> None:
    """No other one is made beside it; that nothing in it leads to the monolith is certain where its port is said."""
    files, _ = rendered("nginx", system([service("orders", 8101)], ROUTES, {PATH: OWN}))
    files[PATH] = re.sub(r"location [^{]*\{[^}]*\}", "", files[PATH]).replace(":8000", ":1")
    for port, codes in (0, ["nginx-alone"]), (8000, []):
        made = system([service("orders", 8101)], ROUTES, files)
        again, problems = rendered("nginx", replace(made, deploy=replace_struct(made.deploy, port=port)))
        assert {*files} == {*again} | {PATH}
        assert codes == [problem.code for problem in problems]


def test_what_holds_today_goes_on_holding() -> None:
    """Who may come, what a request is told, how long a websocket may be silent; what leads elsewhere is left alone."""
    made = system([service("orders", 8101)], ROUTES, {PATH: OWN})
    found = located(rendered("nginx", made)[0][INC[1]])
    goes = ["set $shop_context orders;"]
    plain, websocket = ([f"try_files /.decompose/never $shop_{way};"] for way in ("way", "websocket_way"))
    paths = {words: block for words, block in found.items() if not words[0].startswith("@")}
    assert {
        ("/v1/orders",): goes + plain,
        ("/v1/orders/admin/totals",): ["allow 10.0.0.0/8;", "deny all;", *goes, *plain],
        ("~", "^/v1/orders/[^/]+/live$"): goes + websocket,
    } == paths
    assert "proxy_read_timeout 90s;" in found[("@shop-proxy",)]
    assert "proxy_read_timeout 2h;" in found[("@shop-websocket",)]
    assert "proxy_set_header Host $host;" in found[("@shop-once",)]


def test_rules_hold_for_what_is_new_too() -> None:
    """A regular expression of ours would go before the location that has them."""
    own = OWN.replace("/v1/orders/admin/", "/v1/admin/")
    routes = operations("orders GET /v1/{shop}/orders", "- GET /v1/{shop}/people", "- GET /v1/{shop}/{what}")
    files, _ = rendered("nginx", system([service("orders", 8101)], routes, {PATH: own}))
    found = {words: block for words, block in located(files[INC[1]]).items() if not words[0].startswith("@")}
    assert [("~", "^/v1/admin/"), ("~", "^/v1/[^/]+/orders/?$")] == list(found)
    assert ["allow 10.0.0.0/8;", "deny all;", "set $shop_context monolith;"] == found[("~", "^/v1/admin/")][:3]


SITE = """server {
    listen 80;
    location /api/ { allow 10.0.0.0/8; deny all; proxy_pass http://127.0.0.1:8000/v1/; }
    location / { root /var/www; }
}
"""


def of_site(*lines: str) -> tuple[list[tuple[str, ...]], dict[str, str], dict[tuple[str, ...], list[str]]]:
    """The locations beside a site that has the API below `/api/`, what is told by code, and what is in locations."""
    files, problems = rendered("nginx", system([service("orders", 8101)], operations(*lines), {PATH: SITE}))
    found = {words: block for words, block in located(files[INC[1]]).items() if not words[0].startswith("@")}
    return list(found), {problem.code: problem.message for problem in problems}, found


def test_what_meant_nothing_is_taken_over() -> None:
    """A path below a prefix that stands for another one, which the monolith has itself: under the rules of today."""
    words, told, found = of_site("orders GET /api/v1/orders", "orders GET /api/v1/orders/{id}", "- GET /v1/people",
                                 "orders GET /v1/orders")  # fmt: skip
    assert [("/api/v1/orders",), ("/v1/orders",), ("=", "/v1/people")] == words
    assert ["allow 10.0.0.0/8;", "deny all;", "set $shop_context orders;"] == found[("/api/v1/orders",)][:3]
    assert "2 paths that the monolith has below /api/ itself, as /api/v1/orders," in told["nginx-mapped"]


@pytest.mark.parametrize(
    "routes",
    [("orders GET /api/v1/orders", "- GET /v1/v1/orders"), ("orders GET /api/v1/orders", "- GET /v1/{shop}/orders"),
     ("orders GET /api/v1/{id}", "- GET /v1/{rest:path}"), ("orders GET /api/v1/orders", "- MOUNT /v1/v1"),
     ("orders GET /api/v1/orders", "orders GET /api/v1/orders/x", "- GET /v1/v1/orders2")],
)  # fmt: skip
def test_what_means_something_is_not(routes: tuple[str, ...]) -> None:
    """Nobody loses the way by which he comes to the monolith today."""
    words, told, _ = of_site(*routes)
    assert [] == [one for one in words if one[0].startswith("/api")]
    assert "itself" not in told["nginx-mapped"]


def test_what_led_nowhere_is_for_the_machine() -> None:
    """What the monolith alone answers is not opened to others; what may be the site's own stays that."""
    words, told, found = of_site(
        "orders GET /v1/orders", "- GET /metrics", "- MOUNT /admin", "- GET /", "- GET /robots.txt", "- GET /{page}",
        "- GET /v1/people/{name}", "- WEBSOCKET /live",
    )  # fmt: skip
    alone = [("=", "/live"), ("=", "/metrics"), ("~", "^/admin(/|$)"), ("~", "^/v1/people/[^/]+$")]
    assert [*alone, ("/v1/orders",)] == sorted(words, key=lambda one: (one == ("/v1/orders",), one))
    for one in alone:
        assert ["allow 127.0.0.1;", "allow ::1;", "deny all;", "set $shop_context monolith;"] == found[one][:4]
    assert "/metrics, /admin, /v1/people/[^/]+, /live" in told["nginx-inside"]


def test_a_variable_is_told() -> None:
    """Where `proxy_pass` has one, nginx puts nothing behind the path that stands there."""
    own = SITE.replace("http://127.0.0.1:8000/v1/", "http://$backend:8000/v1/")
    _, problems = rendered("nginx", system([service("orders", 8101)], ROUTES, {PATH: own}))
    assert "nginx-variable" in [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("host", "monolith", "orders"),
    [("shop-api", "shop-api", "orders"), ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
     ("$host_ip", "127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1", "127.0.0.1"),
     ("10.0.0.7", "10.0.0.7", "10.0.0.7"), ("[::1]", "[::1]", "[::1]"),
     ("api.example.org", "api.example.org", "api.example.org")],
)  # fmt: skip
@pytest.mark.parametrize("is_upstream", [False, True])
def test_hosts_are_those_of_today(host: str, monolith: str, orders: str, is_upstream: bool) -> None:
    """Where the monolith is a container by its name, services are; else they are on its machine."""
    own = SITE.replace("127.0.0.1:8000", "shop" if is_upstream else f"{host}:8000")
    own = f"upstream shop {{ server {host}:8000; }}\n{own}" if is_upstream else own
    files, _ = rendered("nginx", system([service("orders", 8101)], ROUTES, {PATH: own}))
    servers = {one.words[0]: [inner.words[0] for inner in one.all("server")] for one in parse(files[INC[0]])
               if one.name == "upstream"}  # fmt: skip
    assert [f"{monolith}:8000"] == servers["shop-monolith"] == servers["shop-monolith-kept"]
    assert [f"{orders}:8101", f"{monolith}:8000"] == servers["shop-orders"]
    assert [f"{orders}:8101"] == servers["shop-orders-once"] == servers["shop-orders-kept"]


def test_without_a_configuration_there_is_a_new_one() -> None:
    """It is complete, and leads everything else to the monolith."""
    files, problems = rendered("nginx", system([service("orders", 8101)], ROUTES))
    assert [] == problems
    text = files["infra/nginx/shop-api.conf"]
    assert {"include", "server"} == {one.name for one in parse(text)}
    assert ["set $shop_context monolith;", "try_files /.decompose/never $shop_websocket_way;"] == located(
        text[text.index("location /") : text.rindex("}")])[("/",)]  # fmt: skip


def test_a_context_that_is_cut_over_has_no_monolith_behind_it() -> None:
    """Nor a switch: all its requests go to the service."""
    made = system([service("orders", 8101, is_cut_over=True), service("payment", 8102)], ROUTES)
    text = rendered("nginx", made)[0]["infra/nginx/shop-upstreams.inc"]
    servers = {one.words[0]: [inner.words for inner in one.all("server")] for one in parse(text)
               if one.name == "upstream"}  # fmt: skip
    assert [("127.0.0.1:8101",)] == servers["shop-orders"]
    assert ("127.0.0.1:8000", "max_fails=0", "backup") in servers["shop-payment"]
    rest = next(one for one in walk(parse(text)) if one.words[-1:] == ("$shop_rest",))
    assert {"default": ("shop-monolith",), "orders": ("shop-orders",)} == {o.name: o.words for o in rest.block or ()}


@pytest.mark.parametrize("path", ["/v1/x;y", "/v1/{ return 200", "/v1/ x", "/v1/x\n", "/v1/$uri", '/v1/"x"', "/v1/x#"])
def test_what_could_mean_something_else_is_refused(path: str) -> None:
    """Nothing is rendered then."""
    route = replace(operations("orders GET /v1/orders")[0], path=path)
    files, problems = rendered("nginx", system([service("orders", 8101)], (route,)))
    assert ({}, ["unsafe-name"]) == (files, [problem.code for problem in problems])


@pytest.mark.parametrize(
    ("context", "header", "folder"),
    [("monolith", "X-Route-To", "infra"), ("orders-once", "X-Route-To", "infra"), ("orders", "X Route; }", "infra"),
     ("orders", "X_Route", "infra"), ("orders", "X-Route-To", "in fra"), ("orders", "X-Route-To", "in;fra")],
)  # fmt: skip
def test_names_that_nginx_cannot_have_are_refused(context: str, header: str, folder: str) -> None:
    """Of contexts, headers and folders."""
    made = system([service(context, 8101)], operations(f"{context} GET /v1/orders"), {f"{folder}/shop.conf": OWN},
                  deploy=Deploy(header=header))  # fmt: skip
    files, problems = rendered("nginx", made)
    assert ({}, ["unsafe-name"]) == (files, [problem.code for problem in problems if problem.severity == "error"])


@pytest.mark.parametrize("text", ["server {", "server { } }", "a 'b", "{ }", "location /x"])
def test_what_is_no_configuration_is_told(text: str) -> None:
    """And is no configuration to be edited."""
    with pytest.raises(ValueError):
        parse(text)
