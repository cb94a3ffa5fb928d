"""The files for nginx, from values: beside the repository's own configuration, which is edited and otherwise kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decomposer.model.config import Deploy
from decomposer.scaffold.nginx_syntax import parse, walk
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
