"""A client for the shell: ``coordinator --url http://localhost:8000 agents``."""

import argparse
import json
import os
from typing import Any

import httpx


class CoordinatorClient:
    """The calls that people make, each as one method."""

    def __init__(self, http: httpx.Client, token: str | None = None) -> None:
        self.http = http
        if token:
            http.headers["Authorization"] = f"Bearer {token}"

    def _json(self, response: httpx.Response) -> Any:
        response.raise_for_status()
        return response.json()

    def sign_in(self, email: str, password: str) -> str:
        """Return a token, and use it from now on."""
        body = {"email": email, "password": password}
        token: str = self._json(self.http.post("/v1/users/login", json=body))["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        return token

    def health(self) -> Any:
        """Return whether the coordinator is up."""
        return self._json(self.http.get("/v1/health"))

    def agents(self) -> Any:
        """Return the caller's agents."""
        return self._json(self.http.get("/v1/agents"))

    def start(self, agent_id: str, kind: str, budget: int) -> Any:
        """Start a run."""
        return self._json(
            self.http.post(f"/v1/agents/{agent_id}/runs", json={"kind": kind, "budget": budget})
        )

    def submit(self, kind: str, payload: dict[str, Any]) -> Any:
        """Submit a job."""
        return self._json(self.http.post("/v1/jobs", json={"kind": kind, "payload": payload}))

    def trace(self, job_id: str) -> Any:
        """Return what is known about a job."""
        return self._json(self.http.get("/v1/explorer/jobs/" + job_id))

    def pay(self, payer_id: str, payee_id: str, amount: int) -> Any:
        """Pay."""
        body = {"payer_id": payer_id, "payee_id": payee_id, "amount": amount}
        return self._json(self.http.request("POST", "/v1/payments", json=body))

    def release(self, payment_id: str) -> Any:
        """Release a payment that is held."""
        return self._json(self.http.delete("/v1/payments/{}/escrow".format(payment_id)))  # noqa: UP032


def main(arguments: list[str] | None = None) -> int:
    """Make one call and print what comes back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default=os.environ.get("COORDINATOR_URL", "http://localhost:8000"))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("health")
    commands.add_parser("agents")
    commands.add_parser("trace").add_argument("job_id")
    options = vars(parser.parse_args(arguments))
    with httpx.Client(base_url=options.pop("url")) as http:
        client = CoordinatorClient(http, os.environ.get("COORDINATOR_TOKEN"))
        print(json.dumps(getattr(client, options.pop("command"))(**options), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
