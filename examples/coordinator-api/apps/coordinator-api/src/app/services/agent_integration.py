"""Agents and the outside world: a catalogue of connectors, and turning their events into runs."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from sqlmodel import Session, select

from shared_lib.ratelimit import SlidingWindow

from ..domain import AgentConnector, AgentRun
from ..exceptions import Conflict, CoordinatorError, NotFound, TooManyRequests
from .agent_orchestrator import AgentOrchestrator
from .zk_verification import commitment

logger = logging.getLogger(__name__)

REQUIRED = object()
"""The default of a setting that has none."""

HIDDEN = "********"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a connector: its name, its type, its default."""

    name: str
    type: str
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class ConnectorSpec:
    """One kind of connector: what it needs, and which kind of run each of its events starts."""

    kind: str
    category: str
    auth: str
    summary: str
    settings: tuple[Setting, ...]
    per_minute: int
    events: Mapping[str, str] = field(default_factory=dict)

    def setting(self, name: str) -> Setting | None:
        """Return the setting of that name, or None."""
        return next((one for one in self.settings if one.name == name), None)


CATALOGUE = (
    ConnectorSpec(
        kind="webhook",
        category="web",
        auth="hmac",
        summary="Receives signed HTTP calls.",
        settings=(
            Setting("url", "url"),
            Setting("secret", "secret"),
            Setting("timeout_seconds", "number", default=10),
        ),
        events={
            "call.received": "inference",
            "call.failed": "diagnose",
        },
        per_minute=600,
    ),
    ConnectorSpec(
        kind="rest_poller",
        category="web",
        auth="token",
        summary="Asks an HTTP endpoint for news again and again.",
        settings=(
            Setting("url", "url"),
            Setting("token", "secret"),
            Setting("interval_seconds", "number"),
            Setting("since_field", "text", default="updated_at"),
        ),
        events={
            "record.new": "inference",
            "record.changed": "inference",
        },
        per_minute=120,
    ),
    ConnectorSpec(
        kind="web_page",
        category="web",
        auth="none",
        summary="Watches one page for changes.",
        settings=(
            Setting("url", "url"),
            Setting("selector", "text", default="body"),
        ),
        events={"page.changed": "summarise"},
        per_minute=12,
    ),
    ConnectorSpec(
        kind="smtp_mail",
        category="mail",
        auth="password",
        summary="Sends mail through a relay.",
        settings=(
            Setting("host", "text"),
            Setting("user", "text"),
            Setting("password", "secret"),
            Setting("port", "number", default=587),
            Setting("sender", "text", default="coordinator@localhost"),
        ),
        events={"mail.bounced": "diagnose"},
        per_minute=60,
    ),
    ConnectorSpec(
        kind="imap_mail",
        category="mail",
        auth="password",
        summary="Reads a mailbox.",
        settings=(
            Setting("host", "text"),
            Setting("user", "text"),
            Setting("password", "secret"),
            Setting("folder", "text", default="INBOX"),
            Setting("mark_seen", "flag", default=True),
        ),
        events={"mail.received": "classify"},
        per_minute=30,
    ),
    ConnectorSpec(
        kind="chat_room",
        category="mail",
        auth="token",
        summary="Listens to and speaks in a chat room.",
        settings=(
            Setting("room", "text"),
            Setting("token", "secret"),
            Setting("nickname", "text", default="agent"),
        ),
        events={
            "message.posted": "reply",
            "member.joined": "reply",
        },
        per_minute=120,
    ),
    ConnectorSpec(
        kind="mqtt_topic",
        category="stream",
        auth="password",
        summary="Subscribes to a topic of sensor readings.",
        settings=(
            Setting("host", "text"),
            Setting("topic", "text"),
            Setting("port", "number", default=1883),
            Setting("user", "text", default=""),
            Setting("password", "secret", default=""),
        ),
        events={"reading.received": "inference"},
        per_minute=6_000,
    ),
    ConnectorSpec(
        kind="message_queue",
        category="stream",
        auth="password",
        summary="Takes messages from a queue, one at a time.",
        settings=(
            Setting("host", "text"),
            Setting("queue", "text"),
            Setting("user", "text"),
            Setting("password", "secret"),
            Setting("prefetch", "number", default=1),
        ),
        events={
            "message.taken": "inference",
            "message.dead": "diagnose",
        },
        per_minute=3_000,
    ),
    ConnectorSpec(
        kind="event_log",
        category="stream",
        auth="token",
        summary="Reads a partitioned log from where it stopped.",
        settings=(
            Setting("brokers", "text"),
            Setting("topic", "text"),
            Setting("group", "text", default="coordinator"),
            Setting("token", "secret", default=""),
        ),
        events={"event.read": "inference"},
        per_minute=12_000,
    ),
    ConnectorSpec(
        kind="websocket_feed",
        category="stream",
        auth="none",
        summary="Stays connected to a feed of quotes or positions.",
        settings=(
            Setting("url", "url"),
            Setting("heartbeat_seconds", "number", default=15),
        ),
        events={
            "frame.received": "inference",
            "feed.lost": "diagnose",
        },
        per_minute=6_000,
    ),
    ConnectorSpec(
        kind="sql_table",
        category="storage",
        auth="password",
        summary="Watches a table for new rows by a growing column.",
        settings=(
            Setting("dsn", "secret"),
            Setting("table", "text"),
            Setting("cursor_column", "text"),
            Setting("batch", "number", default=100),
        ),
        events={"row.inserted": "inference"},
        per_minute=60,
    ),
    ConnectorSpec(
        kind="document_store",
        category="storage",
        auth="password",
        summary="Follows the change stream of a collection.",
        settings=(
            Setting("dsn", "secret"),
            Setting("collection", "text"),
            Setting("full_document", "flag", default=True),
        ),
        events={
            "document.inserted": "inference",
            "document.deleted": "audit",
        },
        per_minute=300,
    ),
    ConnectorSpec(
        kind="object_store",
        category="storage",
        auth="keys",
        summary="Lists a bucket and fetches what is new.",
        settings=(
            Setting("endpoint", "url"),
            Setting("bucket", "text"),
            Setting("access_key", "text"),
            Setting("secret_key", "secret"),
            Setting("prefix", "text", default=""),
        ),
        events={
            "object.created": "classify",
            "object.removed": "audit",
        },
        per_minute=120,
    ),
    ConnectorSpec(
        kind="vector_index",
        category="storage",
        auth="token",
        summary="Looks up and adds embeddings.",
        settings=(
            Setting("url", "url"),
            Setting("token", "secret"),
            Setting("index", "text"),
            Setting("dimensions", "number", default=768),
        ),
        events={"index.stale": "embed"},
        per_minute=600,
    ),
    ConnectorSpec(
        kind="git_repository",
        category="work",
        auth="keys",
        summary="Follows the branches of a repository.",
        settings=(
            Setting("url", "url"),
            Setting("branch", "text", default="main"),
            Setting("deploy_key", "secret", default=""),
        ),
        events={
            "commit.pushed": "review",
            "tag.created": "summarise",
        },
        per_minute=12,
    ),
    ConnectorSpec(
        kind="issue_tracker",
        category="work",
        auth="token",
        summary="Reads and comments issues.",
        settings=(
            Setting("url", "url"),
            Setting("token", "secret"),
            Setting("project", "text"),
            Setting("label", "text", default="agent"),
        ),
        events={
            "issue.opened": "classify",
            "issue.commented": "reply",
        },
        per_minute=60,
    ),
    ConnectorSpec(
        kind="calendar",
        category="work",
        auth="token",
        summary="Knows what is planned.",
        settings=(
            Setting("url", "url"),
            Setting("token", "secret"),
            Setting("days_ahead", "number", default=7),
        ),
        events={
            "event.starting": "remind",
            "event.moved": "remind",
        },
        per_minute=12,
    ),
    ConnectorSpec(
        kind="cron",
        category="time",
        auth="none",
        summary="Fires at set times.",
        settings=(
            Setting("expression", "cron"),
            Setting("jitter_seconds", "number", default=0),
        ),
        events={"tick": "inference"},
        per_minute=60,
    ),
    ConnectorSpec(
        kind="countdown",
        category="time",
        auth="none",
        summary="Fires once, after a while.",
        settings=(Setting("after_seconds", "number"),),
        events={"elapsed": "inference"},
        per_minute=1,
    ),
    ConnectorSpec(
        kind="metrics_alert",
        category="operations",
        auth="token",
        summary="Takes alerts from a monitoring system.",
        settings=(
            Setting("url", "url"),
            Setting("token", "secret"),
            Setting("severity", "text", default="warning"),
        ),
        events={
            "alert.firing": "diagnose",
            "alert.resolved": "audit",
        },
        per_minute=120,
    ),
    ConnectorSpec(
        kind="log_tail",
        category="operations",
        auth="none",
        summary="Reads a log and picks out what matches.",
        settings=(
            Setting("path", "text"),
            Setting("pattern", "text"),
            Setting("context_lines", "number", default=3),
        ),
        events={"line.matched": "diagnose"},
        per_minute=600,
    ),
)

SPECS = {spec.kind: spec for spec in CATALOGUE}

CRON = re.compile(r"^\S+( \S+){4}$")


def catalogue(category: str | None = None) -> list[ConnectorSpec]:
    """Return the connectors of a category, or all of them."""
    return [spec for spec in CATALOGUE if category in (None, spec.category)]


def spec_of(kind: str) -> ConnectorSpec:
    """Return the entry of a kind, or raise `NotFound`."""
    if kind not in SPECS:
        raise NotFound("connector", kind)
    return SPECS[kind]


def describe(spec: ConnectorSpec) -> dict[str, Any]:
    """Return an entry of the catalogue as plain data."""
    return {
        "kind": spec.kind,
        "category": spec.category,
        "auth": spec.auth,
        "summary": spec.summary,
        "required": [one.name for one in spec.settings if one.default is REQUIRED],
        "optional": {one.name: one.default for one in spec.settings if one.default is not REQUIRED},
        "events": sorted(spec.events),
    }


def _complaint(setting: Setting, value: Any) -> str | None:
    """Return what is wrong with a value, or None."""
    match setting.type:
        case "flag":
            return None if isinstance(value, bool) else "must be true or false"
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return "must be a number"
            return None if value >= 0 else "must not be negative"
        case "url":
            parts = urlsplit(value) if isinstance(value, str) else None
            return None if parts and parts.scheme and parts.netloc else "must be an address with a host"
        case "cron":
            return None if isinstance(value, str) and CRON.match(value) else "must have five fields"
        case _:
            return None if isinstance(value, str) else "must be text"


def check_settings(kind: str, settings: Mapping[str, Any]) -> list[str]:
    """Return everything that is wrong with the settings of a connector; empty if nothing is."""
    spec = spec_of(kind)
    complaints = [
        f"{one.name} is missing"
        for one in spec.settings
        if one.default is REQUIRED and one.name not in settings
    ]
    for name, value in settings.items():
        setting = spec.setting(name)
        complaint = "is not a setting" if setting is None else _complaint(setting, value)
        if complaint:
            complaints.append(f"{name} {complaint}")
    return sorted(complaints)


def with_defaults(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with the defaults of those that are not given."""
    return {
        one.name: settings.get(one.name, one.default)
        for one in spec_of(kind).settings
        if one.name in settings or one.default is not REQUIRED
    }


def redacted(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with secrets hidden, fit to be shown and logged."""
    secret = {one.name for one in spec_of(kind).settings if one.type == "secret"}
    return {name: HIDDEN if name in secret and value else value for name, value in settings.items()}


def flatten(payload: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested data as ``("a.b.c", value)``."""
    for name, value in payload.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def to_payload(kind: str, event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run is given: the leaves of the event and a seal over them."""
    leaves = dict(flatten(payload))
    return {"source": kind, "event": event, "data": leaves, "seal": commitment(f"{kind}/{event}", leaves)}


class AgentIntegration:
    """The connectors of agents."""

    _windows: ClassVar[dict[str, SlidingWindow]] = {}

    def __init__(self, session: Session) -> None:
        self.session = session

    def attach(self, agent_id: str, kind: str, settings: Mapping[str, Any]) -> AgentConnector:
        """Connect an agent, or raise `CoordinatorError` with everything that is wrong."""
        complaints = check_settings(kind, settings)
        if complaints:
            raise CoordinatorError("; ".join(complaints))
        if any(one.kind == kind and one.settings == settings for one in self.of_agent(agent_id)):
            raise Conflict(f"{agent_id} is connected to this {kind} already")
        connector = AgentConnector(agent_id=agent_id, kind=kind, settings=with_defaults(kind, settings))
        self.session.add(connector)
        self.session.commit()
        logger.info("%s connected to %s %s", agent_id, kind, redacted(kind, settings))
        return connector

    def of_agent(self, agent_id: str) -> list[AgentConnector]:
        """Return what an agent is connected to."""
        return list(self.session.exec(select(AgentConnector).where(AgentConnector.agent_id == agent_id)))

    def get(self, connector_id: str) -> AgentConnector:
        """Return a connector, or raise `NotFound`."""
        connector = self.session.get(AgentConnector, connector_id)
        if connector is None:
            raise NotFound("connector", connector_id)
        return connector

    def detach(self, connector_id: str) -> None:
        """Disconnect; runs that were started stay."""
        self.session.delete(self.get(connector_id))
        self.session.commit()
        self._windows.pop(connector_id, None)

    def deliver(self, connector_id: str, event: str, payload: Mapping[str, Any]) -> AgentRun:
        """Start the run that an event asks for.

        Raises `TooManyRequests` above the connector's rate, `NotFound` for an event it does not know
        and `Conflict` for an agent that compliance has lost its trust in.
        """
        from .compliance_engine import risk

        connector = self.get(connector_id)
        spec = spec_of(connector.kind)
        if event not in spec.events:
            raise NotFound(f"event of {connector.kind}", event)
        window = self._windows.setdefault(connector_id, SlidingWindow(spec.per_minute))
        if not window.allow(connector_id):
            raise TooManyRequests(f"{connector.kind} delivers at most {spec.per_minute} events a minute")
        if risk(self.session, connector.agent_id) >= 10:
            raise Conflict(f"{connector.agent_id} is suspended")
        agents = AgentOrchestrator(self.session)
        agent = agents.get(connector.agent_id)
        run_payload = to_payload(connector.kind, event, payload)
        return agents.start(agent, spec.events[event], run_payload, budget=agents.run_fee(0))
