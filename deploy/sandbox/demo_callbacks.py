"""The rows of one demo callback, its events and its attempts, as the services would have written them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from shared.callbacks.config_snapshot import Campaign, Pool, Skill
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.states import OPEN, Status

WORKER, IVR = "worker:node-1", "client:demo-ivr"

# result → (UCCE's CallResult, how often), of those that got to the dialer (ucce/REFERENCE.md 2.3)
_RESULTS = {"answered": (10, 78), "no_answer": (8, 8), "busy": (9, 5), "machine": (12, 6), "invalid_number": (3, 3)}
_AREAS = ("312", "773", "646", "415", "702", "206", "305", "512", "617", "303", "404", "602", "713", "919", "503",
          "614", "816", "901", "210", "801")  # fmt: skip
_REASONS = ("invoice", "new contract", "complaint", "address change", "delivery")
_FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Niklaus", "Margaret", "Dennis", "Radia", "Ken")
_AGENTS = ("1042", "1043")
_LAST = ("Baker", "Diaz", "Fischer", "Garcia", "Howard", "Jensen", "Kovacs", "Lopez", "Miller", "Novak")


@dataclass
class Rows:
    """Rows to insert in bulk; all rows of a table have the same columns."""

    callbacks: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)


class DemoCallback:
    """One callback from its booking on. `due` is the minute the customer chose."""

    def __init__(
        self, rng: random.Random, pool: Pool, slot: ScheduledSlot, skill: Skill, campaign: Campaign, phone: str,
        booked_at: datetime, client_id: int,
    ) -> None:  # fmt: skip
        self.rng, self.campaign, self.at = rng, campaign, booked_at
        self.number = str(ULID.from_datetime(booked_at))
        self.due = slot.start + timedelta(minutes=rng.randrange(30))
        named = rng.random() < 0.6
        self.row: dict[str, Any] = {
            "account_number": self.number, "status": Status.SCHEDULED, "phone": phone, "open_rank": 1,
            "skill_id": skill.id, "campaign_id": campaign.id, "pool_id": pool.id, "slot_start": slot.start,
            "start_at": self.due, "due_at": self.due, "first_name": rng.choice(_FIRST) if named else None,
            "last_name": rng.choice(_LAST) if named else None,
            "agent_id": rng.choice(_AGENTS) if rng.random() < 0.05 else None, "agent_outcome": None,
            "agent_outcome_attempt": None,
            "call_data": {"customerId": f"A-{rng.randrange(1000, 9999)}", "reason": rng.choice(_REASONS)},
            "call_id": f"call-{rng.getrandbits(32):08x}", "source": "ivr", "api_client_id": client_id, "attempts": 0,
            "batch_id": None, "outcome": None, "reason": None, "created_at": booked_at, "changed_at": booked_at,
        }  # fmt: skip
        self.events: list[dict[str, Any]] = []
        self.attempts: list[dict[str, Any]] = []
        self._go(None, Status.SCHEDULED, booked_at, IVR, "booked")

    def cancel(self, at: datetime, who: str) -> None:
        why = "the customer called again" if who != IVR else "cancelled"
        self._go(Status.SCHEDULED, Status.CANCELLED, at, who, why, reason=why)

    def expire(self, at: datetime) -> None:
        why = "not handed over within its window: its campaign could not take it in time"
        self._go(Status.SCHEDULED, Status.EXPIRED, at, WORKER, why, reason=why)

    def call(self) -> None:
        """Add the hand-over and the call; half of the busy or unanswered calls are followed by a second attempt."""
        at = self.due + timedelta(seconds=self.rng.randrange(5, 55))
        if self.rng.random() < 0.02:
            self._refuse(at)
            return
        result = self._result()
        if result in ("busy", "no_answer") and self.rng.random() < 0.5:
            at = self._dial(at, result, again_in=timedelta(minutes=5))
            result = self._result()
        self._dial(at, result)

    def add_to(self, rows: Rows) -> None:
        rows.callbacks.append(self.row)
        rows.events += self.events
        rows.attempts += self.attempts

    def _result(self) -> str:
        return self.rng.choices(list(_RESULTS), [weight for _, weight in _RESULTS.values()])[0]

    def _dial(self, at: datetime, result: str, again_in: timedelta | None = None) -> datetime:
        """Add one attempt with its result; returns the time of the next attempt."""
        attempt = self._claim(at)
        imported = at + timedelta(seconds=1)
        ended = imported + timedelta(seconds=self.rng.randrange(40, 400))
        self._go(Status.IMPORTING, Status.IMPORTED, imported, WORKER, f"imported into {self.campaign.name}")
        message = result.replace("_", " ")
        attempt |= {"imported_at": imported, "dialed_at": imported + timedelta(seconds=9), "finished_at": ended,
                    "outcome": result, "call_result": _RESULTS[result][0], "call_status": "closed",
                    "calls_made": 1}  # fmt: skip
        if again_in is not None:
            again = ended + again_in
            why = f"{message}; tried again at {again:%H:%M} UTC"
            self._go(Status.IMPORTED, Status.SCHEDULED, ended, WORKER, why, due_at=again, outcome=result)
            return again + timedelta(seconds=20)
        if result == "answered" and (agent := self.row["agent_id"]):
            why = f"spoke with agent {agent}"
            attempt |= {"call_result": None, "call_status": None, "calls_made": None, "message": why}
            self._go(Status.IMPORTED, Status.COMPLETED, ended, IVR, why, outcome=result, agent_outcome="agent",
                     agent_outcome_attempt=attempt["number"])  # fmt: skip
            return ended
        after = Status.COMPLETED if result == "answered" else Status.FAILED
        reason = None if after is Status.COMPLETED else message
        self._go(Status.IMPORTED, after, ended, WORKER, message, outcome=result, reason=reason)
        return ended

    def _refuse(self, at: datetime) -> None:
        attempt, why = self._claim(at), "Phone01: This field must contain digits only"
        attempt |= {"finished_at": at + timedelta(seconds=2), "outcome": "refused", "message": why}
        self._go(Status.IMPORTING, Status.FAILED, at + timedelta(seconds=2), WORKER, why, outcome="refused", reason=why)

    def _claim(self, at: datetime) -> dict[str, Any]:
        number = self.row["attempts"] + 1
        batch = str(ULID.from_datetime(at))
        attempt: dict[str, Any] = {
            "contact_key": f"{self.number}-{number:02}", "account_number": self.number, "number": number,
            "campaign_id": self.campaign.id, "batch_id": batch, "epoch": 0, "node": "node-1", "claimed_at": at,
            "due_at": self.row["due_at"], "imported_at": None, "dialed_at": None, "finished_at": None,
            "outcome": None, "call_result": None, "call_status": None,
            "calls_made": None, "message": None,
        }  # fmt: skip
        self.attempts.append(attempt)
        self._go(Status.SCHEDULED, Status.IMPORTING, at, WORKER, "claimed for a batch", attempts=number, batch_id=batch)
        return attempt

    def _go(self, before: Status | None, after: Status, at: datetime, who: str, why: str, **values: Any) -> None:
        self.events.append({"account_number": self.number, "at": at, "from_status": before, "to_status": after,
                            "who": who, "why": why})  # fmt: skip
        self.row |= {"status": after, "changed_at": at, **values}
        if after not in OPEN:
            self.row["open_rank"] = None


def phones() -> Iterator[str]:
    """Fictional numbers, 555-0100 to 555-0199 of several American area codes, each once."""
    for area in _AREAS:
        for last in range(100, 200):
            yield f"+1{area}5550{last}"
