"""The small shop before and after, and what the probes see of it."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from decomposer import verifying
from decomposer.model.certificate import Certificate, Check
from decomposer.model.config import CORE, Config
from decomposer.model.probes import Baseline
from decomposer.rewrite.package_path import found_homes
from decomposer.shell.probing import probe, running
from decomposer.verifying import Wish, _wheel, _Work, certify, record_baseline
from decomposer.verifying.assembling import Seen, answers_of, core_checks, service_checks, shared_checks
from decomposer.verifying.departed import Departed
from decomposer.verifying.places import Places
from tests.conftest import write_files
from tests.verifying.shop import AFTER, BEFORE

CONFIG = Config("apps/shop-api/src", "app", ("app.main:app",))
WISH = Wish(sys.executable, {"TOKEN": "top-secret"}, 60)
OWNERS = {
    ("GET", "/v1/catalog/items/{name}", "catalog:item"): "catalog",
    ("GET", "/v1/catalog/items/all", "catalog:every_item"): "catalog",
    ("POST", "/v1/catalog/items", "catalog:add"): "catalog",
    ("GET", "/v1/catalog/search", "catalog:search"): "catalog",
    ("WEBSOCKET", "/v1/catalog/watch", "catalog:watch"): "catalog",
    ("GET", "/v1/orders/{number}", "orders:order"): "orders",
}


def places(root: Path, contexts: tuple[str, ...] = ("catalog", "orders")) -> Places:
    """Where the shop's parts lie."""
    real = os.path.realpath(root)
    paths = [path.relative_to(real).as_posix() for path in Path(real).rglob("*.py")]
    homes = found_homes(CONFIG, paths, lambda path: Path(real, path).read_bytes())
    return Places(real, replace(CONFIG, homes=homes), contexts, {"app_settings": f"{real}/libs"})


@dataclass(frozen=True)
class Shop:
    """The shop after the extraction: its baseline, everything that was seen of it, and its certificates."""

    root: Path
    before: Baseline
    seen: Seen
    certificates: list[Certificate]

    def checks(self, context: str, seen: Seen) -> dict[str, Check]:
        """The checks of a context, and those of the whole."""
        where = places(self.root)
        mine = core_checks(self.before, seen, where) if context == CORE else service_checks(
            context, self.before, seen, OWNERS, where, answers_of(self.before, seen)
        )  # fmt: skip
        return {check.name: check for check in [*mine, *shared_checks(self.before, seen, Departed(), {})]}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop, verified as a whole, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with open(folder / "shop.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / "shop.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_verified(folder / "shop-before", folder / "shop-after")))
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]


def _verified(old: Path, new: Path) -> Shop:
    write_files(old, BEFORE)
    write_files(new, AFTER)
    before = record_baseline(places(old, ()), WISH, OWNERS, ())
    caught: list[Seen] = []
    look = verifying._look
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifying, "_look", lambda *given: caught.append(look(*given)) or caught[0])
        found = certify(places(new), WISH, before, OWNERS, (), [CORE, "catalog", "orders"])
    return Shop(new, before, replace(caught[0], wheels={}), found)


NOTHING: Mapping[str, str] = {}
Mutate = Callable[..., dict[str, Check]]


@pytest.fixture
def mutant(shop: Shop, tmp_path: Path) -> Iterator[Mutate]:
    """A function that edits a copy (`path: (old, new)`), probes one part again and gives the part's checks by name."""

    def run(
        context: str, edits: Mapping[str, tuple[str, str]], wheel: bool = False, timeout: float = 60,
        built: Mapping[str, str] = NOTHING,
    ) -> dict[str, Check]:  # fmt: skip
        root = tmp_path / "mutant"
        shutil.copytree(shop.root, root)
        for path, (old, new) in edits.items():
            text = (root / path).read_text() if (root / path).exists() else ""
            assert old in text
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.replace(old, new) if old else text + new)
        where, seen = replace(places(root), built=built), shop.seen
        with running(root, WISH.python, WISH.environment, timeout) as told, _Work(WISH, told):
            if context == "monolith":
                seen = replace(seen, monolith=probe(told, where.monolith(False), "monolith"))
            else:
                found = probe(told, where.service(context, False), context)
                seen = replace(seen, services={**seen.services, context: found})
            if wheel:
                seen = replace(seen, wheels={context: _wheel(told, where, context, None, shop.before)})
        return shop.checks("catalog" if context == "monolith" else context, seen)

    yield run
