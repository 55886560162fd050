"""The administrator: brakes, do-not-call list, schedules, campaigns, settings, cancels of many, by the portal's API."""

import csv
import io
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.chaos.client_requests import LISTED
from tests.chaos.history import History, instant
from tests.chaos.load import Load
from tests.chaos.system_under_test import SCARCE

API = "/admin/api/v1"
TIMEOUT_SECONDS = 12.0
JOB_SECONDS = 40.0  # for a cancel of many; a job whose node was killed is taken over after 15

Switch = Callable[[bool], int | None]  # the answer's status


class Administrator:
    """Edits something every few seconds until stopped, and undoes what would hold the work up."""

    def __init__(self, url: str, env: Mapping[str, str], seed: int, history: History, load: Load) -> None:
        self._url, self._env, self._history, self._load = url + API, env, history, load
        self._rng = random.Random(f"administrator-{seed}")
        self._session = requests.Session()
        self._session.trust_env = False
        self._stop = threading.Event()
        self._undo: dict[str, Callable[[], None]] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Log in, put the numbers of LISTED on the list, then edit away."""
        me = self._session.post(self._url + "/auth/login", timeout=TIMEOUT_SECONDS, json={
            "name": self._env["CM_ADMIN_USER"], "password": self._env["CM_ADMIN_PASSWORD"]}).json()  # fmt: skip
        self._session.headers["X-CSRF-Token"] = me["csrfToken"]
        for phone in LISTED:
            self._edit("list at first", "POST", "/do-not-call", {"phone": phone})
        self._thread.start()

    def stop(self) -> None:
        """Stop editing, and release every brake and campaign."""
        self._stop.set()
        self._thread.join(TIMEOUT_SECONDS * 3)

    def release(self, *, lost: bool) -> None:
        """Undo what is still in force, until each request is acknowledged. To be called when everything runs again.

        With `lost` the database was put back, and may have lost that something was switched on: all is switched on.
        """
        if lost:
            for name, switch in self._switches().items():
                self._undo.setdefault(name, self._undo_of(name, switch))
        for _ in range(10):
            for undo in list(self._undo.values()):
                undo()
            if not self._undo:
                return
            threading.Event().wait(0.5)
        raise RuntimeError(f"could not be undone: {', '.join(self._undo)}")

    def resume_held(self) -> None:
        """Resume held campaigns, as the runbook says: a campaign whose disabling the database has lost is found
        switched off in UCCE, and is held until a person resumes it.
        """
        for item in (self._read("/campaigns") or {}).get("items", []):
            if item["hold"] == "switched_off":
                self._edit("resume", "POST", f"/campaigns/{item['id']}/resume", None)

    def _run(self) -> None:
        while not self._stop.wait(self._rng.uniform(0.6, 1.6)):
            if self._undo and self._rng.random() < 0.5:
                self._undo[self._rng.choice(list(self._undo))]()
                continue
            self._rng.choices(
                (self.brake, self.close, self.disable, self.list_number, self.bulk_cancel, self.schedule, self.setting),
                (3, 2, 2, 4, 2, 2, 1),
            )[0]()  # fmt: skip

    def brake(self) -> None:
        """Hand nothing over, and hand over again some edits later."""
        self._put("hand over")

    def close(self) -> None:
        self._put("accept")

    def disable(self) -> None:
        """Disable a campaign, and enable it again."""
        self._put(self._rng.choice(("Sales_Callback", "Support_Callback")))

    def _switches(self) -> dict[str, Switch]:
        """By name, the request that switches it on (True) or off (False)."""
        return {
            "hand over": lambda on: self._edit("brake", "POST", "/live/brakes", {"handOver": on}),
            "accept": lambda on: self._edit("brake", "POST", "/live/brakes", {"acceptBookings": on}),
            "Sales_Callback": lambda on: self._change_campaign("Sales_Callback", on),
            "Support_Callback": lambda on: self._change_campaign("Support_Callback", on),
        }

    def _put(self, name: str) -> None:
        """Switch it off, and remember that it has to be switched on again unless the request was certainly refused."""
        if name not in self._undo:
            switch = self._switches()[name]
            self._undo[name] = self._undo_of(name, switch)
            switch(False)

    def _undo_of(self, name: str, switch: Switch) -> Callable[[], None]:
        def undo() -> None:
            if switch(True) == 200:
                self._undo.pop(name, None)

        return undo

    def _change_campaign(self, name: str, enabled: bool) -> int | None:
        listed = self._read("/campaigns", q=name)
        if not listed:
            return None
        body = {key: value for key, value in listed["items"][0].items() if key in _CAMPAIGN_FIELDS}
        body |= {"enabled": enabled, "description": f"edited {instant()}",
                 "skills": [{key: value for key, value in one.items() if key != "skill"} for one in body["skills"]],
                 "retryDelays": dict.fromkeys(body["retryDelays"], 1)}  # fmt: skip
        item = listed["items"][0]
        return self._edit("campaign", "PUT", f"/campaigns/{item['id']}", body, version=item["version"])

    def list_number(self) -> None:
        """Put the number of a callback on the list, just before it would be called or long before; or take one off."""
        bookings = [booking for booking in self._load.bookings[-60:] if booking.account and not booking.shared]
        if bookings:
            phone = self._rng.choice(bookings).kept
            if self._edit("list", "POST", "/do-not-call", {"phone": phone}) == 201 and self._rng.random() < 0.3:
                self._edit("unlist", "POST", "/do-not-call/removals", {"phones": [phone]})

    def bulk_cancel(self) -> None:
        """Cancel all of one skill's slot, some hours ahead."""
        start = datetime.now(UTC) + timedelta(minutes=30 * self._rng.randint(1, 4))
        skill = self._read("/skills", q="Sales")
        if not skill:
            return
        body = {"skillId": skill["items"][0]["id"], "from": start.isoformat(timespec="seconds"),
                "to": (start + timedelta(minutes=40)).isoformat(timespec="seconds")}  # fmt: skip
        count = self._call("POST", "/callbacks/bulk-cancel/preview", body)
        if count is not None and count.ok and count.json()["count"]:
            self._edit("bulk cancel", "POST", "/callbacks/bulk-cancel", {**body, "count": count.json()["count"]})

    def _result_of(self, accepted: requests.Response) -> list[str] | None:
        """The accounts that a cancel of many says it cancelled, once its job is done; None when nobody could tell."""
        job = f"/jobs/{accepted.json()['id']}"
        end = time.monotonic() + JOB_SECONDS
        while time.monotonic() < end and not self._stop.wait(0.2):
            found = self._read(job)
            if found and found["status"] == "done":
                result = self._call("GET", f"{job}/result", None)
                if result is not None and result.ok:
                    rows = csv.DictReader(io.StringIO(result.content.decode("utf-8-sig")))
                    return [row["accountNumber"] for row in rows if row["result"] == "cancelled"]
        return None

    def schedule(self) -> None:
        """Change the capacity of the scarce slots."""
        listed = self._read("/daily-schedules", q="Office")
        if listed:
            item = listed["items"][0]
            body = {"name": item["name"], "capacities": [self._rng.choice(SCARCE)] * 48}
            self._edit("schedule", "PUT", f"/daily-schedules/{item['id']}", body, version=item["version"])

    def setting(self) -> None:
        listed = self._read("/settings")
        item = next((one for one in (listed or {}).get("items", []) if one["name"] == "booking_horizon_days"), None)
        if item:
            self._edit("setting", "PUT", "/settings/booking_horizon_days", {"value": self._rng.randint(14, 20)},
                       version=item["version"])  # fmt: skip

    def _read(self, path: str, **query: Any) -> Any:
        answer = self._call("GET", path, None, query=query)
        return answer.json() if answer is not None and answer.ok else None

    def _edit(self, kind: str, method: str, path: str, body: Any, version: Any = None) -> int | None:
        began = instant()
        answer = self._call(method, path, body, version=version)
        status = answer.status_code if answer is not None else None
        told = self._result_of(answer) if status == 202 and answer is not None else _refusal(answer)
        self._history.add(edit=kind, began=began, ended=instant(), body=body, status=status, answer=told)
        return status

    def _call(self, method: str, path: str, body: Any, *, version: Any = None, query: Any = None) -> Any:
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        try:
            return self._session.request(method, self._url + path, json=body, params=query, headers=headers,
                                         timeout=TIMEOUT_SECONDS)  # fmt: skip
        except requests.RequestException:
            return None


def _refusal(answer: requests.Response | None) -> str | None:
    """The problem of a refusal."""
    return None if answer is None or answer.ok else answer.text[:500]


_CAMPAIGN_FIELDS = {
    "name", "description", "enabled", "parameters", "dialPrefix", "dialForm", "dialRegion", "dialInternationalPrefix",
    "maxAttempts", "retryDelays", "maxHandOversPerCycle", "skills", "retriesByUcce", "personalCallbacks",
    "agentWaitMinutes", "callingHoursStart", "callingHoursEnd",
}  # fmt: skip
