"""The tool's own rules: seven contexts and the core, and an owner for every file of the trees they are for."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from decomposer.app import Options, analyze
from decomposer.model.config import CORE, RuleSet
from decomposer.rules.contexts import read_rules
from decomposer.shell.configuring import BUNDLED_FOR

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
EXAMPLE = ROOT / "examples" / "coordinator-api"
REAL = [
    Path(folder) for folder in os.environ.get("DECOMPOSE_REAL", "").split(os.pathsep)
    if folder and (Path(folder) / BUNDLED_FOR).is_dir()
]  # fmt: skip
PHASES = {
    "agent-management": 2, "blockchain": 3, "enterprise": 4, "identity": 5, "ai-models": 6, "computing": 7,
    "payment": 7,
}  # fmt: skip
NAMED_BY_THE_PLAN = {
    "services/agent_service_marketplace.py": "agent-management",
    "services/agent_communication.py": "agent-management",
    "services/agent_performance_service.py": "agent-management",
    "services/blockchain_context.py": "blockchain",
    "services/contract_service.py": "blockchain",
    "services/transaction_service.py": "blockchain",
    "services/escrow.py": "blockchain",
    "services/persistent_spending_tracker.py": "blockchain",
    "services/enterprise_integration.py": "enterprise",
    "services/compliance_engine.py": "enterprise",
    "**/agent_*.py": "agent-management",
    "**/advanced_*.py": "ai-models",
    "services/multi_modal_fusion/**": "ai-models",
    "**/auth*.py": "identity",
    "certification": "enterprise",
    "zk": "ai-models",
    "gpu": "computing",
    "resource": "computing",
    "payment": "payment",
}


@pytest.fixture(scope="module")
def rule_set() -> RuleSet:
    """All bundled rule files as read by the tool."""
    return read_rules({f"rules/{path.name}": path.read_text("utf-8") for path in RULES.glob("*.toml")})


@pytest.fixture(scope="module", params=[EXAMPLE, *REAL], ids=lambda path: path.name)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The analysis of the example, and of every real tree that DECOMPOSE_REAL gives."""
    document: dict[str, Any] = analyze(Options(repo=request.param, cache=False)).value
    return document


def test_the_seven_contexts_come_in_the_phases_of_the_plan(rule_set: RuleSet) -> None:
    """Each context of the plan is there once, in its phase; the core is none of them."""
    assert PHASES == {context.name: context.phase for context in rule_set.contexts}
    assert {CORE, *PHASES} == {path.stem for path in RULES.glob("*.toml")}


def test_no_two_contexts_share_a_port(rule_set: RuleSet) -> None:
    """Every context has a port of its own, so that all can run on one machine."""
    ports = [context.port for context in rule_set.contexts]
    assert len(ports) == len({port for port in ports if port})


def test_contexts_and_rules_say_what_they_are_for(rule_set: RuleSet) -> None:
    """A context has a description; a written rule has a reason that is a sentence."""
    assert [] == [context.name for context in rule_set.contexts if not context.description]
    for path in sorted(RULES.glob("*.toml")):
        for rule in tomllib.loads(path.read_text("utf-8")).get("rule", []):
            assert rule["reason"][0].isupper() and rule["reason"].endswith("."), (path.name, rule)


def test_the_patterns_of_the_plan_are_there(rule_set: RuleSet) -> None:
    """What the plan names is claimed by the context that it names, whether the file exists or not."""
    claims = {(pattern, rule.context) for rule in rule_set.rules for pattern in rule.patterns}
    assert set() == set(NAMED_BY_THE_PLAN.items()) - claims


def test_no_pattern_is_written_twice(rule_set: RuleSet) -> None:
    """A pattern of one kind stands in one rule only, except those of files that follow their users."""
    counted = Counter(
        (rule.kind, pattern) for rule in rule_set.rules if rule.kind != "follows" for pattern in rule.patterns
    )
    assert [] == [pattern for pattern, count in counted.items() if count > 1]


def test_every_file_has_an_owner_and_a_reason(document: dict[str, Any]) -> None:
    """Nothing is left unassigned, and each file tells the rule that decided and why."""
    assert [] == document["unassigned"]
    assert [] == [file["path"] for file in document["files"] if not (file["reason"] and file["rule"])]


def test_every_context_owns_something(document: dict[str, Any]) -> None:
    """No context of the plan stays empty."""
    assert {CORE, *PHASES} == {file["context"] for file in document["files"]}


def test_tables_and_routes_have_owners(document: dict[str, Any]) -> None:
    """A table and a route belong to the context of the file that defines them."""
    for kind in ("tables", "routes"):
        assert document[kind]
        assert [] == [entry for entry in document[kind] if not entry["context"]]


def test_no_two_rules_claim_a_file_equally(document: dict[str, Any]) -> None:
    """There is no conflict; a rule that matches nothing here is a warning at most."""
    found = [problem for problem in document["problems"] if problem["code"].startswith("rule-")]
    assert [] == [problem for problem in found if problem["code"] == "rule-conflict"]
    assert {"warning"} >= {problem["severity"] for problem in found}


def test_the_core_stays_small(document: dict[str, Any]) -> None:
    """No context leans on the core for its own tables: the core holds less than a tenth of them."""
    tables = Counter(table["context"] for table in document["tables"])
    assert tables[CORE] * 10 < tables.total()
