"""Test control as methods, for tests that talk to a running fake."""

from pathlib import Path
from typing import Any

import requests

_TIMEOUT_SECONDS = 30


class Control:
    """The controls (README.md). Every method raises requests.HTTPError with the fake's message in it."""

    def __init__(self, url: str, ca_file: Path) -> None:
        self._base = f"{url}/_control"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(ca_file)

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._session.request(method, f"{self._base}/{path}", json=body, timeout=_TIMEOUT_SECONDS)
        if not response.ok:
            raise requests.HTTPError(f"{path}: {response.status_code} {response.text}", response=response)
        answer: dict[str, Any] = response.json()
        return answer

    def agent(self, agent_id: str, **fields: str) -> None:
        """Make or replace an agent: password, firstName, lastName, extension."""
        self.agents([{"id": agent_id, **fields}])

    def agents(self, agents: list[dict[str, str]]) -> None:
        self.ask("POST", "agents", agents)

    def state(self, agent_id: str, state: str) -> None:
        self.ask("POST", f"agents/{agent_id}/state", {"state": state})

    def new_token(self, agent_id: str) -> str:
        """A fresh SSO token of the agent; the earlier one is refused from now on."""
        return str(self.ask("POST", f"agents/{agent_id}/token")["token"])

    def expire_token(self, agent_id: str) -> None:
        self.ask("DELETE", f"agents/{agent_id}/token")

    def call_in(self, agent_id: str, phone: str, queue: str = "", **variables: str) -> str:
        """A call of `phone` rings at the agent's desktop; its dialog id. "" is a withheld number."""
        return self._call("in", agent_id, phone, queue, variables)

    def dialer_call(self, agent_id: str, phone: str, queue: str = "", **variables: str) -> str:
        """The dialer calls `phone` for the agent, with call variables such as BAAccountNumber."""
        return self._call("dialer", agent_id, phone, queue, variables)

    def _call(self, kind: str, agent_id: str, phone: str, queue: str, variables: dict[str, str]) -> str:
        body = {"kind": kind, "agent": agent_id, "phone": phone, "queue": queue, "variables": variables}
        return str(self.ask("POST", "calls", body)["dialogId"])

    def answer(self, dialog_id: str) -> None:
        self.ask("POST", f"calls/{dialog_id}/answer")

    def wrap_up(self, dialog_id: str) -> None:
        self.ask("POST", f"calls/{dialog_id}/wrap_up")

    def end(self, dialog_id: str) -> None:
        self.ask("POST", f"calls/{dialog_id}/end")

    def node(self, number: int, mode: str) -> None:
        """`up`, `down` (connections are reset), `hang` (no answer until it is up again), `unavailable` (503 of the REST
        API alone).
        """
        self.ask("POST", f"nodes/{number}", {"mode": mode})

    def layout(self, gadget: str) -> None:
        """The gadget that desktops show from their next load on: a URL, or a path on Finesse."""
        self.ask("POST", "layout", {"gadget": gadget})

    def requests(self) -> list[dict[str, Any]]:
        """Requests of the REST API in order: node, time, method, path, status, auth (scheme), agent."""
        return list(self.ask("GET", "requests")["requests"])

    def close(self) -> None:
        self._session.close()
