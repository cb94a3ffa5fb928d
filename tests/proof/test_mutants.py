"""Each way of breaking the extracted example makes `decompose verify` fail with a message that names the place."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from decomposer import verifying
from decomposer.cli.commands import run_request
from decomposer.model.probes import Baseline
from decomposer.shell.probing import probe
from decomposer.verifying import Wish, _Work
from decomposer.verifying.assembling import Seen
from decomposer.verifying.carried import copies_of
from decomposer.verifying.places import Places
from tests.proof.conftest import OWN, Extracted

pytestmark = pytest.mark.proof
PAYMENT, AGENTS, CORE = "apps/payment/src/app", "apps/agent-management/src/app", "apps/coordinator-core/src"
MONOLITH = "apps/coordinator-api/src/app"
WALLETS = f"{CORE}/coordinator_core/domain/payment.py"
ORIGINAL = "apps/blockchain/src/app/services/escrow.py"
PAYMENTS = f"{PAYMENT}/routers/payments.py"
COPY = f"{PAYMENT}/_copied/services/escrow.py"


@dataclass(frozen=True)
class Mutant:
    """What is edited (`path: (old, new)`), of whom the certificate is, the check that has to fail, and what it tells.

    `also` are the other parts that load what is edited: "monolith", or other contexts.
    """

    context: str
    edits: Mapping[str, tuple[str, str]]
    check: str
    tells: str
    also: tuple[str, ...] = ()


MUTANTS = {
    "a route dropped": Mutant(
        "payment", {PAYMENTS: ('@router.get("/payments/quote")\n', "")}, "nothing-lost",
        "GET /v1/payments/quote is not served", ("monolith",),
    ),
    "a route dropped, seen from the monolith": Mutant(
        "payment", {PAYMENTS: ('@router.get("/payments/quote")\n', "")}, "monolith-openapi",
        "GET /v1/payments/quote: (absent)", ("monolith",),
    ),
    "a prefix changed": Mutant(
        "payment", {f"{PAYMENT}/main.py": ('payments, prefix="/v1"', 'payments, prefix="/v2"')}, "nothing-gained",
        "POST /v2/payments was not there before",
    ),
    "a middleware lost": Mutant(
        "payment", {f"{PAYMENT}/main.py": ('    @app.middleware("http")\n', "")}, "middleware",
        "lost: BaseHTTPMiddleware(dispatch=add_request_id)",
    ),
    "a handler of errors lost": Mutant(
        "payment",
        {f"{PAYMENT}/main.py": ("    app.add_exception_handler(CoordinatorError, handle_coordinator_error)\n", "")},
        "exception-handlers", "CoordinatorError: nothing instead of handle_coordinator_error",
    ),
    "a lifespan lost": Mutant(
        "payment", {f"{PAYMENT}/main.py": (", lifespan=lifespan", "")}, "start", "lost: lifespan lifespan",
    ),
    "a dependency dropped": Mutant(
        "agent-management",
        {f"{AGENTS}/routers/agent_marketplace.py": ('    dependencies=[Depends(requires("agents:write"))],\n', "")},
        "dependencies", "POST /v1/marketplace/services lost access_control:requires.<locals>.check",
    ),
    "a table renamed": Mutant(
        "payment", {WALLETS: ('= "payments"', '= "payment_orders"')}, "tables",
        "payment_orders: there was no such table", ("core", "monolith"),
    ),
    "a column changed": Mutant(
        "core", {WALLETS: ("    amount: Credits\n", "    amount: str\n")}, "tables",
        "payments.amount: ('AutoString()', False, False) instead of ('Integer()', False, False)", ("monolith",),
    ),
    "a handler replaced": Mutant(
        "payment", {PAYMENTS: ('"total": amount + fee', '"total": amount - fee')}, "first-answer",
        "GET /v1/payments/quote is answered by payments:quote, whose code is another now",
    ),
    "another handler first": Mutant(
        "payment", {PAYMENTS: ('@router.get("/payments/quote")', '@router.get("/payments/quote")\ndef cheaper() -> '
                               'dict[str, int]:\n    return {}\n\n\n@router.get("/payments/quote")')}, "first-answer",
        "GET /v1/payments/quote is answered by payments:cheaper, not payments:quote",
    ),
    "a response model changed": Mutant(
        "payment", {PAYMENTS: ('"/wallets", response_model=WalletRead', '"/wallets", response_model=PaymentRead')},
        "same-operations", "POST /v1/wallets: /responses/200/content/application~1json/schema/properties",
    ),
    "a parameter changed": Mutant(
        "payment", {PAYMENTS: ("def quote(amount: int)", "def quote(amount: int = 1)")}, "same-operations",
        "GET /v1/payments/quote: /parameters",
    ),
    "two owners": Mutant(
        "identity", {"apps/identity/src/app/main.py": ("    return app\n", (
            '    from fastapi import APIRouter\n\n    more = APIRouter()\n\n    @more.get("/v1/payments/quote")\n'
            "    def quote(amount: int) -> dict[str, int]:\n        return {}\n\n    app.include_router(more)\n"
            "    return app\n"))}, "one-owner", "GET /v1/payments/quote is answered by payment too",
    ),
    "the monolith imported": Mutant(
        "payment", {f"{PAYMENT}/services/payments.py": ("import", (
            f"import app as _app\n\n_app.__path__.append(__file__.split('/apps/')[0] + '/{MONOLITH}')\n"
            "import app.utils as _utils\nimport"
        ))}, "own-modules", f"app.utils is loaded from the monolith ({MONOLITH}/utils/__init__.py)",
    ),
    "another service's module imported": Mutant(
        "payment", {f"{PAYMENT}/services/payments.py": ("import", "import app.services.gpu_scheduler\nimport")},
        "imports-alone", f"{PAYMENT}/services/payments.py:",
    ),
    "a copy edited": Mutant(
        "payment", {COPY: ("import logging\n", "import logging\n\nLIMIT = 3\n")}, "copies",
        f"{COPY}: was edited; it is a copy of {ORIGINAL}, change that",
    ),
    "an original edited": Mutant(
        "payment", {ORIGINAL: ("import logging\n", "import logging\n\nLIMIT = 3\n")},
        "copies", f"{COPY}: {ORIGINAL} has changed since it was copied",
    ),
    "a router of the monolith lost": Mutant(
        "payment", {f"{MONOLITH}/main.py": ('    app.include_router(payments, prefix="/v1")\n', "")},
        "monolith-openapi", "POST /v1/payments: (absent)", ("monolith",),
    ),
}  # fmt: skip


TURNS = [
    *(pytest.param("", name, id=f"{name}-app") for name in list(MUTANTS)[::2]),
    *(pytest.param(OWN, name, id=f"{name}-own") for name in list(MUTANTS)[1::2]),
]
"""Each mutant under one of the ways of naming packages, which take turns."""


def placed(text: str, config: str) -> str:
    """A text with the places that files have where services have packages of their own, if they have."""
    for context in ("payment", "agent-management", "identity", "blockchain") if config else ():
        text = text.replace(f"apps/{context}/src/app/_copied", f"apps/{context}/src/blockchain")
        text = text.replace(f"apps/{context}/src/app/", f"apps/{context}/src/{context.replace('-', '_')}/")
    return text


@pytest.mark.parametrize("config, name", TURNS, scope="session")
def test_a_mutant_fails(
    extracted: Extracted, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], name: str,
) -> None:  # fmt: skip
    """`verify` ends with 1 and tells, below the check that is about it, the place of what was broken."""
    mutant, root = MUTANTS[name], tmp_path / "mutant"
    shutil.copytree(extracted.root, root, symlinks=True)
    for place, (old, new) in mutant.edits.items():
        path = placed(place, config)
        text = (root / path).read_text()
        assert old in text, path
        (root / path).write_text(text.replace(old, new, 1))

    def look(
        places: Places, wish: Wish, before: Baseline, work: _Work, subjects: Sequence[str], unresolved: object
    ) -> Seen:
        seen = replace(extracted.seen, copies={c: copies_of(places, c) for c in places.contexts})
        for part in (mutant.context, *mutant.also):
            if part == "monolith":
                seen = replace(seen, monolith=probe(work.running, places.monolith(False), part))
            else:
                found = probe(work.running, places.service(part, False), part)
                seen = replace(seen, services={**seen.services, part: found})
        return seen

    monkeypatch.setattr(verifying, "_look", look)
    monkeypatch.setattr(verifying, "trail", lambda *given: [])
    request = {"command": "verify", "repo": str(root), "contexts": mutant.context, "python": sys.executable,
               "timeout": "60", "format": "text"}  # fmt: skip
    assert 1 == run_request(request)
    printed = capsys.readouterr().out
    assert f"{mutant.check}: fails\n" in printed, printed
    _, _, below = printed.partition(f"{mutant.check}: fails\n")
    assert placed(mutant.tells, config) in below.partition(": fails\n")[0], below
