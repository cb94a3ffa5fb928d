"""The order in which operations are tried when services that were cut over answer them."""

from __future__ import annotations

from decomposer.extracting.described import as_tried
from decomposer.scaffold.system import Contract, Operation


def operation(order: int, path: str, context: str, handler: str) -> Operation:
    """One that is answered to GET."""
    return Operation(order, "GET", path, context, handler, f"{context}.py", 1)


HERE = (operation(0, "/", "", "app.main:root"), operation(1, "/new", "", "app.main:new"),
        operation(2, "/{page}", "", "app.main:page"))  # fmt: skip
AWAY = (operation(3, "/items/{id}", "chain", "chain.routers.chain:link"),
        operation(4, "/items/{id}", "pay", "pay.routers.payments:item"), operation(5, "/later", "pay", "pay.new:later"))


def test_what_was_tried_first_still_is() -> None:
    """Whatever package a handler is in now; what nobody had recorded follows what it follows in its application."""
    tried = (("GET", "/", "app.main", "root"), ("GET", "/items/{id}", "app.routers.payments", "item"),
             ("GET", "/items/{id}", "app.routers.chain", "link"), ("GET", "/{page}", "app.main", "page"))  # fmt: skip
    found = as_tried((*HERE, *AWAY), Contract({}, (), tried))
    assert ["root", "new", "item", "later", "link", "page"] == [one.handler.partition(":")[2] for one in found]
    assert [*range(6)] == [one.order for one in found]


def test_without_a_record_services_come_last() -> None:
    """Each with what it answers, in the order of the phases."""
    assert (*HERE, *AWAY) == as_tried((*HERE, *AWAY), None)
