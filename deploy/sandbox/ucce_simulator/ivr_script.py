"""The ICM script behind a route point. Its CVP application fetches the callback by the account number that came with
the call (`BAAccountNumber`); then the call is queued to the callback's agent, or to its skill.

Agents are free unless test control says that they are busy: then the script does at once what the callback's policy
says for the end of the wait. It reports how a personal callback ended.

Test control sets the booking API's address and key; they are kept in memory only.
"""

import json
import logging
import threading
from dataclasses import dataclass
from typing import Any

import requests

from deploy.sandbox.ucce_simulator.store import Store

_log = logging.getLogger(__name__)
_TICK_SECONDS = 0.1
_FIELDS = ("skill", "agentId", "agentPolicy", "agentWaitSeconds", "callData", "phone")
_CVP_TIMEOUT_SECONDS = 5.0  # of CVP's REST element


@dataclass(frozen=True)
class BookingApi:
    """`url` ends before `/callbacks`."""

    url: str
    key: str


class IvrScript(threading.Thread):
    """Serves the calls that were transferred, one after the other. Without a booking API they wait."""

    def __init__(self, store: Store, stopping: threading.Event) -> None:
        super().__init__(name="ivr-script", daemon=True)
        self._store, self._stopping = store, stopping
        self._session = requests.Session()
        self._session.trust_env = False
        self.booking_api: BookingApi | None = None
        self.busy_agents: frozenset[str] = frozenset()

    def run(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            try:
                self.step()
            except Exception:
                _log.exception("the script of a route point failed; the next step tries again")

    def step(self) -> None:
        """Fetch the callback of each call that waits, and queue the call."""
        api = self.booking_api
        if api is None:
            return
        for row in self._store.rows("SELECT call, account_number FROM transfer WHERE fetched IS NULL ORDER BY call"):
            fetched = self._fetch(api, row["account_number"])
            queued_to = self._queued_to(api, row["account_number"], fetched)
            with self._store.transaction() as connection:
                connection.execute(
                    "UPDATE transfer SET fetched = ?, queued_to = ? WHERE call = ?",
                    (json.dumps(fetched), queued_to, row["call"]),
                )

    def _fetch(self, api: BookingApi, account_number: str) -> dict[str, Any]:
        try:
            response = self._session.get(
                f"{api.url}/callbacks/{account_number}", headers={"X-API-Key": api.key}, timeout=_CVP_TIMEOUT_SECONDS
            )
            body = response.json()
        except (requests.RequestException, ValueError) as error:
            return {"status": None, "problem": type(error).__name__}
        fields = {name: body.get(name) for name in _FIELDS}
        return {"status": response.status_code, **fields} if response.ok else {"status": response.status_code}

    def _queued_to(self, api: BookingApi, account_number: str, fetched: dict[str, Any]) -> str | None:
        """The agent of a personal callback, else the skill; of a busy agent what the policy says."""
        skill = f"skill {fetched['skill']}" if fetched.get("skill") else None
        agent = fetched.get("agentId")
        if not agent:
            return skill
        if agent not in self.busy_agents:
            self._report(api, account_number, "agent")
            return f"agent {agent}"
        if fetched["agentPolicy"] == "agentNextSlot":
            booked = self._report(api, account_number, "agent_unavailable")
            if booked:
                return f"agent {agent} at {booked['nextStart']}"
        self._report(api, account_number, "skill")
        return skill

    def _report(self, api: BookingApi, account_number: str, outcome: str) -> dict[str, Any] | None:
        """The answer to a report; None for an error, after which the script goes on."""
        url = f"{api.url}/callbacks/{account_number}/agent-outcome"
        try:
            response = self._session.post(
                url, json={"outcome": outcome}, headers={"X-API-Key": api.key}, timeout=_CVP_TIMEOUT_SECONDS
            )
            return dict(response.json()) if response.ok else None
        except (requests.RequestException, ValueError):
            return None
