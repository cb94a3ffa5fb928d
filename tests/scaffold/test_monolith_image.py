"""The monolith's image goes on having all that the monolith loads: what has left is copied into it as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decomposer.scaffold.monolith_image import render
from decomposer.scaffold.system import Artefact
from tests.scaffold.systems import MONOLITH, service, system

IMAGE = "apps/shop-api/Dockerfile"
PLAIN = """FROM python:3.12-slim
WORKDIR /srv
COPY apps/shop-api/pyproject.toml apps/shop-api/
COPY apps/shop-api/src apps/shop-api/src
CMD ["uvicorn", "app.main:app"]
"""


def edited(text: str, *contexts: str, cut_over: str = "") -> list[str] | str | None:
    """The lines that are new, the code of what is said, None where nothing is to be done."""
    services = [service(name, 8101, is_cut_over=name == cut_over) for name in contexts]
    found = list(render(system(services, files={IMAGE: text}, monolith=replace(MONOLITH, image=IMAGE))))
    if not found:
        return None
    [item] = found
    if not isinstance(item, Artefact):
        return item.code
    assert item.is_edit
    assert text.splitlines() == [line for line in item.text.splitlines() if line in text.splitlines()]
    assert edited(item.text, *contexts) is None
    return [line for line in item.text.splitlines() if line not in text.splitlines()]


TOLD = "# modules that have left the monolith, which finds them here"


@pytest.mark.parametrize(("line", "home"), [
    ("COPY apps/shop-api/src apps/shop-api/src", "/srv/apps/{}/src"),
    ("COPY --chown=1:1 apps/shop-api/src /srv/x/y/src", "/srv/x/{}/src"),
    ('COPY ["apps/shop-api", "/opt/api"]', "/opt/{}/src"),
    ("ADD apps/shop-api/src \\\n    /app", "/{}/src"),
    ("COPY shared apps/shop-api/ /code/", "/{}/src"),
])  # fmt: skip
def test_where_the_monolith_finds_them(line: str, home: str) -> None:
    """As far from its own source as they are in the repository, whatever form the instruction has."""
    text = PLAIN.replace("COPY apps/shop-api/src apps/shop-api/src", line)
    expected = [f"COPY apps/{name}/src {home.format(name)}" for name in ("shop-core", "orders")]
    assert [TOLD, *expected] == edited(text, "orders")


def test_one_step_after_another() -> None:
    """A later step adds its own below those that are there."""
    first = PLAIN.replace("src\nCMD", f"src\n{TOLD}\nCOPY apps/shop-core/src /srv/apps/shop-core/src\nCMD")
    assert ["COPY apps/orders/src /srv/apps/orders/src"] == edited(first, "orders")
    assert None is edited(first)
    assert None is edited(first, "orders", cut_over="orders")


@pytest.mark.parametrize("line", ["COPY . .", "COPY apps ./apps", "COPY . /srv\nCOPY --from=build /x /y"])
def test_an_image_that_has_everything(line: str) -> None:
    """Nothing is to be done where a folder above both is copied."""
    assert None is edited(PLAIN.replace("COPY apps/shop-api/src apps/shop-api/src", line), "orders")


@pytest.mark.parametrize("line", ["RUN git clone x", "COPY src /app", "COPY --from=build /srv /srv", 'COPY ["a", 3'])
def test_an_image_that_cannot_be_understood(line: str) -> None:
    """It is told, with what the monolith will not find."""
    assert "image-to-review" == edited(PLAIN.replace("COPY apps/shop-api/src apps/shop-api/src", line), "orders")
