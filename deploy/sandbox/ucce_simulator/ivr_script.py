"""The ICM script behind a route point. Its CVP application fetches the callback by the account number that came with
the call (`BAAccountNumber`); then the call is queued to the callback's agent, or to its skill.

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
            with self._store.transaction() as connection:
                connection.execute(
                    "UPDATE transfer SET fetched = ?, queued_to = ? WHERE call = ?",
                    (json.dumps(fetched), _queued_to(fetched), row["call"]),
                )

    def _fetch(self, api: BookingApi, account_number: str) -> dict[str, Any]:
        try:
            response = self._session.get(
                f"{api.url}/callbacks/{account_number}", headers={"X-API-Key": api.key}, timeout=_CVP_TIMEOUT_SECONDS
            )
            body = response.json()
        except (requests.RequestException, ValueError) as error:
            return {"status": None, "problem": type(error).__name__}
        fields = {name: body.get(name) for name in ("skill", "agentId", "callData", "phone")}
        return {"status": response.status_code, **fields} if response.ok else {"status": response.status_code}


def _queued_to(fetched: dict[str, Any]) -> str | None:
    """The agent of a personal callback, else the skill."""
    if fetched.get("agentId"):
        return f"agent {fetched['agentId']}"
    return f"skill {fetched['skill']}" if fetched.get("skill") else None
