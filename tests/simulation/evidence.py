"""The evidence for the checks: observations after every commit, and the final state of a run."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.simulation.customers import Entry
from tests.simulation.databases import START
from tests.simulation.findings import Finding
from tests.simulation.plan import Op
from tests.simulation.ucce_contacts import Contact

if TYPE_CHECKING:
    from tests.simulation.run import Simulation

CLOCK_TOLERANCE = 65.0  # seconds that a node's clock may be wrong unnoticed


def seconds(text: str | None) -> float:
    """An instant of the database, in seconds since the run began."""
    return (datetime.fromisoformat(str(text)).replace(tzinfo=UTC) - START).total_seconds()


class Watch:
    """Observations after every commit: epochs, places, claims."""

    def __init__(self, simulation: "Simulation") -> None:
        self._simulation = simulation
        self.findings: list[Finding] = []
        self.claims: dict[str, list[float]] = defaultdict(list)
        self.fullest: dict[float, int] = {}
        self._importing: set[str] = set()
        self._epoch = 0
        self._connection: sqlite3.Connection | None = None

    def found(self, check: str, text: str) -> None:
        self.findings.append(Finding(check, text))

    def unexpected(self, text: str) -> None:
        self.found("unexpected_error", text)

    def open_callbacks(self) -> int:
        query = "SELECT count(*) FROM callback WHERE status IN ('scheduled', 'importing', 'imported')"
        return int(self._read(query)[0][0])

    def next_due(self) -> float:
        """When the first open callback falls due, in seconds since the run began; 0 while one is in UCCE."""
        query = "SELECT status, due_at FROM callback WHERE status IN ('scheduled', 'importing', 'imported')"
        dues = [seconds(due) if status == "scheduled" else 0.0 for status, due in self._read(query)]
        return min(dues, default=0.0)

    def braked(self) -> bool:
        return bool(self._read("SELECT 1 FROM setting WHERE name = 'hand_over' AND value = 'false'"))

    def held(self) -> bool:
        """Whether a campaign is held until a person decides whose it is in UCCE."""
        return bool(self._read("SELECT 1 FROM campaign WHERE hold = 'not_ours'"))

    def listed(self) -> set[str]:
        """The contact keys that the database has recorded as seen in UCCE's list."""
        query = "SELECT contact_key FROM attempt WHERE listed_at IS NOT NULL OR finished_at IS NOT NULL"
        return {row[0] for row in self._read(query)}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def begin_anew(self) -> None:
        """Start anew after the database was put back: what it holds now was done before."""
        self._epoch, self._importing = 0, self._read_importing()

    def _read_importing(self) -> set[str]:
        return {row[0] for row in self._read("SELECT account_number FROM callback WHERE status = 'importing'")}

    def _read(self, query: str) -> list[Any]:
        if self._connection is None:
            self._connection = self._simulation.databases.raw()
        return self._connection.execute(query).fetchall()

    def committed(self) -> None:
        epoch = self._read("SELECT epoch FROM mastership")[0][0]
        if epoch < self._epoch:
            self.found("epoch_shrank", f"{self._epoch} → {epoch}")
        self._epoch = epoch
        importing = self._read_importing()
        for account in sorted(importing - self._importing):
            self.claims[account].append(self._simulation.scheduler.now)
        if importing != self._importing:
            self._attempts(importing - self._importing, self._importing - importing)
        self._importing = importing
        self._slots()

    def _attempts(self, claimed: set[str], settled: set[str]) -> None:
        """Check: a claim has the newest master's epoch, and nothing is recorded as imported before UCCE took it."""
        taken = {contact.row.account_number for contact in self._simulation.ucce.taken}
        query = "SELECT contact_key, account_number, epoch, imported_at FROM attempt WHERE finished_at IS NULL"
        for key, account, epoch, imported_at in self._read(query):
            if account in claimed and epoch != self._epoch:
                self.found("stale_master", f"{key} was claimed under the epoch {epoch}, the newest is {self._epoch}")
            if account in settled and imported_at is not None and key not in taken:
                self.found("unknown_contact", f"{key} is recorded as imported, and UCCE has not taken it")

    def _slots(self) -> None:
        query = (
            "SELECT start_at, booked, (SELECT count(*) FROM callback WHERE callback.pool_id = slot.pool_id AND"
            " slot_start = slot.start_at AND status <> 'cancelled') FROM slot"
        )
        for start, booked, held in self._read(query):
            at = seconds(start)
            self.fullest[at] = max(self.fullest.get(at, 0), booked)
            if booked != held:
                self.found("places_miscounted", f"the slot of {at:.0f} s counts {booked} and holds {held}")
            if held > self._simulation.plan.capacity:
                self.found("overbooked", f"the slot of {at:.0f} s holds {held} of {self._simulation.plan.capacity}")


class Evidence:
    """The final state of a run."""

    def __init__(self, simulation: "Simulation") -> None:
        self.simulation, self.plan, self.watch = simulation, simulation.plan, simulation.watch
        self.end = simulation.scheduler.now
        self.history = simulation.customers.history
        self.who = {account: who for who, account in simulation.customers.accounts.items()}
        with closing(simulation.databases.raw()) as connection:
            self.callbacks = {row["account_number"]: row for row in connection.execute("SELECT * FROM callback")}
            self.attempts = {row["contact_key"]: row for row in connection.execute("SELECT * FROM attempt")}
            self.events: dict[str, list[Any]] = defaultdict(list)
            for row in connection.execute("SELECT * FROM callback_event ORDER BY id"):
                self.events[row["account_number"]].append(row)
            self.terms = list(connection.execute("SELECT * FROM mastership_term ORDER BY epoch"))
        self.taken: dict[str, list[Contact]] = defaultdict(list)
        for contact in simulation.ucce.taken:
            self.taken[contact.row.account_number].append(contact)
        self.results: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for at, contact, result in simulation.ucce.calls:
            self.results[contact.row.account_number].append((at, result))

    def entries(self, what: tuple[str, ...], who: int | None = None) -> list[Entry]:
        return [one for one in self.history if one.op.what in what and who in (None, one.op.who)]

    def starts(self, who: int, at: float) -> set[float]:
        """The starts that may be valid at a time: those of requests that no later acknowledged one replaced."""
        asked = [one for one in self._requests(who) if one.invoked <= at]
        sure = [one for one in asked if one.outcome == "ok" and one.ended <= at]
        return {one.start for one in asked if not any(other.invoked > one.ended for other in sure)}

    def _requests(self, who: int) -> list[Entry]:
        """Bookings and moves that may have had an effect; repeats with the same key count as one."""
        requests: dict[Op, Entry] = {}
        for one in self.entries(("book", "move"), who) or self.entries(("repeat",), who):
            if one.outcome == "refused":
                continue
            first = requests.setdefault(one.op, replace(one))
            first.ended = max(first.ended, one.ended)
            first.outcome = "ok" if "ok" in (first.outcome, one.outcome) else "unknown"
        return list(requests.values())

    def tolerance(self) -> float:
        """Seconds by which a node's clock may be off, also after a pause until NTP sets it right."""
        return CLOCK_TOLERANCE if any(fault.what in ("clock_step", "pause") for fault in self.plan.faults) else 1.0
