"""Work on a coordinator from the shell: ``manage.py serve | seed | tasks | run TASK``."""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE.parents[3])]

from sqlmodel import Session  # noqa: E402

from app.custom_types import Role  # noqa: E402
from app.database import engine  # noqa: E402
from app.services.agent_orchestrator import AgentOrchestrator  # noqa: E402
from app.services.identity_service import IdentityService  # noqa: E402
from app.storage import init_db  # noqa: E402
from app.tasks import registry  # noqa: E402


def seed() -> dict[str, str]:
    """Create an administrator, an operator and an agent, and return their identifiers."""
    init_db()
    with Session(engine) as session:
        identity = IdentityService(session)
        admin = identity.register("admin@example.org", "change me first", Role.ADMIN)
        operator = identity.register("operator@example.org", "change me too", Role.OPERATOR)
        agent = AgentOrchestrator(session).create(operator.id, "scribe", "summarise")
        return {"admin": admin.id, "operator": operator.id, "agent": agent.id}


def serve(port: int) -> None:
    """Serve the API until interrupted."""
    import uvicorn

    uvicorn.run("app.main:app", port=port, reload=True)


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("seed")
    commands.add_parser("tasks")
    commands.add_parser("serve").add_argument("--port", type=int, default=8000)
    commands.add_parser("run").add_argument("task", help="for example app.services.payments.settle_due")
    options = parser.parse_args(arguments)
    if options.command == "serve":
        serve(options.port)
    elif options.command == "seed":
        print(*(f"{kind} {identifier}" for kind, identifier in seed().items()), sep="\n")
    elif options.command == "tasks":
        print(*registry.names(), sep="\n")
    else:
        init_db()
        print(registry.send(options.task))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
