"""What every service answers besides its routes: that it is well, and what Prometheus counts of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from decomposer.model.edges import Route
from decomposer.model.facts import PythonFacts

METRICS = "/metrics"
_EVERYTHING = re.compile(r"/?|/?\{\w+:path\}")
_FIRST = '''
# before what answers every path
{application}.router.routes[:0] = [{application}.router.routes.pop() for _ in range({count})]
'''
_ROUTES = {
    "/health": '''
@{application}.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "{context}"}
''',
    "/health/live": '''
@{application}.get("/health/live", tags=["health"])
async def service_live() -> dict[str, str]:
    """That the process answers."""
    return {"status": "alive"}
''',
    "/health/ready": '''
@{application}.get("/health/ready", tags=["health"])
async def service_ready() -> dict[str, str]:
    """That it has started."""
    return {"status": "ready"}
''',
}
_PROMETHEUS = '''
@{application}.get("/metrics", include_in_schema=False)
async def service_metrics():  # type: ignore[no-untyped-def]
    """What this process counts for Prometheus."""
    from fastapi import Response
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
'''
_PLAIN = '''
@{application}.get("/metrics", include_in_schema=False)
async def service_metrics():  # type: ignore[no-untyped-def]
    """What this process counts for Prometheus: that it is up, and the seconds that it has worked."""
    import time

    from fastapi import Response

    text = f'service_up{{service="{context}"}} 1\\nprocess_cpu_seconds_total {time.process_time()}\\n'
    return Response(text, media_type="text/plain; version=0.0.4")
'''


def with_health(
    content: bytes, facts: PythonFacts, context: str, application: str, served: Sequence[Route]
) -> bytes:
    """A service's entry with a route for each of these that it does not answer already; `facts` are the entry's.

    `served` is what the monolith answers. `/metrics` is added where that has it: with the client that the entry uses,
    plainly where it uses none. Where something answers every path, as pages that are mounted at the root do, these
    are tried before it.
    """
    answered = {event.path for event in facts.routes if event.action in ("route", "mount")}
    texts = [text for path, text in _ROUTES.items() if path not in answered]
    if METRICS not in answered and any(route.path == METRICS for route in served):
        uses_client = any(fact.module.partition(".")[0] == "prometheus_client" for fact in facts.imports)
        texts.append(_PROMETHEUS if uses_client else _PLAIN)
    if not texts:
        return content
    if any(_EVERYTHING.fullmatch(route.path) for route in served):
        texts.append(_FIRST.replace("{count}", str(len(texts))))
    text = "\n" + "\n".join(texts).replace("{application}", application).replace("{context}", context)
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    return content.rstrip() + newline + text.encode().replace(b"\n", newline)
