"""An entry that leads nowhere is told, with what may have been meant; what cannot be judged is accepted."""

from __future__ import annotations

import pytest

from decomposer.facts.python import read_python
from decomposer.graph.entries import unknown_entries
from decomposer.model.config import Config

MAIN = b"from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef home() -> None: ...\n"
FACTORY = b"from fastapi import FastAPI\n\ndef create_app() -> FastAPI:\n    app = FastAPI()\n    return app\n"
MEANT = "did you mean `shop.main:app`?"


def told(entry: str, source: bytes = MAIN) -> list[tuple[int, str, str]]:
    """What is said of an entry of a package whose `main` has this source."""
    files = {"src/shop/__init__.py": b"", "src/shop/main.py": source, "tests/test_it.py": MAIN}
    facts = {path: read_python(content) for path, content in files.items()}
    return list(unknown_entries(Config("src", "shop", (entry,)), facts))


@pytest.mark.parametrize("entry, why", [
    ("shop.nope:app", "there is no module `shop.nope` in the package"),
    ("shop.main:ap", "there is no `ap` in src/shop/main.py"),
    ("shop.main", "`shop.main` names a module, and not the application in it"),
    ("shop:main.app", "there is no `main.app` in src/shop/__init__.py"),
])  # fmt: skip
def test_what_leads_nowhere_is_told(entry: str, why: str) -> None:
    """No such module, nothing of that name in it, or no name at all; with the application called most alike."""
    assert [(0, why, MEANT)] == told(entry)


@pytest.mark.parametrize("source", [
    b"app = 1\n", b"from shop.web import app\n", b"import other as app\n", b"def app(): ...\n", b"class app: ...\n",
    b"from shop.web import *\n", b"if x:\n    app = 1\nelse:\n    from y import app\n", b"app: object = make()\n",
    b"def __getattr__(name): ...\n", b"globals().update(app=1)\n", b"broken(\n", b"app, other = make()\n",
    b"from fastapi import FastAPI\ndef start():\n    global app\n    app = FastAPI()\n",
])  # fmt: skip
def test_whatever_binds_the_name_is_accepted(source: bytes) -> None:
    """An assignment, an import, a function or a class; a star import and code that runs cannot be judged."""
    assert [] == told("shop.main:app", source)
    assert [] == told("shop.main:app.asgi", source)


def test_a_factory_may_be_named() -> None:
    """A function that makes the application is one; a name that is only its own is not the module's."""
    assert [] == told("shop.main:create_app", FACTORY)
    assert [(0, "there is no `make` in src/shop/main.py", "did you mean `shop.main:create_app`?")] \
        == told("shop.main:make", FACTORY)  # fmt: skip


def test_what_there_is_is_told_where_nothing_is_called_alike() -> None:
    """The applications that are found; the form where there is none."""
    assert [(0, "there is no module `zzz.q` in the package", "applications there: shop.main:app")] == told("zzz.q:x")
    assert "an entry is MODULE:ATTR, such as app.main:app" == told("shop.main:application", b"")[0][2]
