"""Which routers a service includes, so that it serves what the monolith served, and what it cannot include."""

from __future__ import annotations

from textwrap import dedent

from decomposer.facts.python import read_python
from decomposer.graph.link import link
from decomposer.model.config import Config
from decomposer.model.edges import Route
from decomposer.scaffold.service import foreign_routes, inclusions, lost_routes

ONE = """
    === {0}
    from fastapi import APIRouter
    router = APIRouter(prefix='/{0}')
    @router.get('/x')
    def x(): ...
    """
PLAIN = "".join(ONE.format(name) for name in "abc")
"""Three modules, each with a router and a route of its own."""
APP = "from fastapi import APIRouter, FastAPI\nfrom app import a, b, c\napp = FastAPI()\n"


def routes(main: str, others: str = PLAIN) -> list[Route]:
    """The routes that `app.main:app` serves; every other module is written behind `=== name`."""
    files = {"main": APP + dedent(main), "__init__": ""}
    for part in dedent(others).split("=== ")[1:]:
        name, _, text = part.partition("\n")
        files[name.strip()] = text
    python = {f"app/{name}.py": read_python(text.encode()) for name, text in files.items()}
    graph, _ = link(Config("", "app", ("app.main:app",)), python, {})
    return [route for route in graph.routes if route.entry]


def included(found: list[Route], *modules: str) -> list[tuple[str, str, str]]:
    """Module, variable and prefix of what a service with these modules includes."""
    return [(i.module, i.variable, i.prefix) for i in inclusions(found, {f"app.{module}" for module in modules})]


def test_routers_are_included_in_the_order_in_which_they_are_tried() -> None:
    """The order of the monolith's `include_router` calls is kept, that of names and files does not count."""
    found = routes("""
        app.include_router(c.router)
        app.include_router(a.router)
        app.include_router(b.router)
        """)
    assert [("app.c", "router", ""), ("app.b", "router", "")] == included(found, "b", "c")


def test_prefixes_of_the_routers_around_are_joined() -> None:
    """A router inside one that stays is included with all prefixes before its own, its own being its business."""
    found = routes("""
        api = APIRouter(prefix='/api')
        api.include_router(a.router, prefix='/v1')
        app.include_router(api, prefix='/root')
        """)
    assert [("app.a", "router", "/root/api/v1")] == included(found, "a")
    assert ["/root/api/v1/a/x"] == [route.path for route in found if route.module == "app.a"]


def test_of_nested_routers_the_outermost_is_included() -> None:
    """A router of the context brings those inside it; where only the inner one is the context's, that one comes."""
    outer = """
    === outer
    from fastapi import APIRouter
    from app import a
    router = APIRouter(prefix='/outer')
    router.include_router(a.router)
    """
    found = routes("from app import outer\napp.include_router(outer.router, prefix='/v1')\n", PLAIN + outer)
    assert [("app.outer", "router", "/v1")] == included(found, "a", "outer")
    assert [("app.a", "router", "/v1/outer")] == included(found, "a")
    assert [] == included(found, "c")


def test_routes_that_a_router_brings_along_are_told() -> None:
    """A router of the context that includes those of others serves their routes too: each is listed with it."""
    found = routes("b.router.include_router(a.router)\napp.include_router(b.router)\napp.include_router(c.router)\n")
    assert [("/b/a/x", "app.b.router")] == [(route.path, by) for route, by in foreign_routes(found, {"app.b"})]
    assert [] == list(foreign_routes(found, {"app.a", "app.b"}))


def test_one_router_under_two_prefixes_is_included_twice() -> None:
    """Each prefix is served, once."""
    found = routes("app.include_router(a.router, prefix='/v1')\napp.include_router(a.router, prefix='/v2')\n")
    assert [("app.a", "router", "/v1"), ("app.a", "router", "/v2")] == included(found, "a")


FACTORY = """
    === factory
    from fastapi import APIRouter
    def make():
        router = APIRouter()
        @router.get('/made')
        def made(): ...
        return router
    === kept
    from app.factory import make
    router = make()
    @router.get('/kept')
    def kept(): ...
    """


def test_a_router_from_a_factory_is_included_by_the_name_it_was_given() -> None:
    """A function's router that a module keeps in a variable can be imported from there."""
    found = routes("from app import kept\napp.include_router(kept.router)\n", FACTORY)
    assert [("app.kept", "router", "")] == included(found, "kept", "factory")
    assert [] == list(lost_routes(found, {"app.kept", "app.factory"}))


def test_a_router_without_a_name_is_told() -> None:
    """What a factory gives straight to the application cannot be imported: its routes are listed, not lost."""
    found = routes("from app.factory import make\napp.include_router(make())\n", FACTORY)
    assert [] == included(found, "factory")
    assert ["/made"] == [route.path for route, _ in lost_routes(found, {"app.factory"})]


def test_routes_on_the_application_itself_are_told() -> None:
    """A module of the context that adds routes to the application has no router to include."""
    direct = """
        === direct
        def setup(app):
            @app.get('/direct')
            def direct(): ...
        """
    found = routes("from app.direct import setup\nsetup(app)\n", direct)
    assert ["/direct"] == [route.path for route, _ in lost_routes(found, {"app.direct"})]


def test_a_computed_prefix_is_told() -> None:
    """A prefix that cannot be known is not passed off as one; a parameter in a prefix is one."""
    found = routes("""
        from settings import settings
        app.include_router(a.router, prefix=settings.prefix)
        app.include_router(b.router, prefix='/{tenant}')
        """)
    assert ["app.a"] == [route.module for route, _ in lost_routes(found, {"app.a", "app.b"})]


def test_the_condition_of_a_router_is_kept_as_one_line() -> None:
    """A router that the monolith includes under a condition says so."""
    found = routes("""
        if (
            a
            and b
        ):
            app.include_router(c.router)
        """)
    assert ["a and b"] == [inclusion.guard for inclusion in inclusions(found, {"app.c"})]
