"""The checks: what the customers were told and what UCCE, the dialer and the database's rows say, held together.

Nothing of the product is asked: rows are read by plain SQL, and every table of codes and transitions is this file's own.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.simulation.customers import Entry, phone_of
from tests.simulation.databases import START
from tests.simulation.findings import Finding
from tests.simulation.ucce import Contact

if TYPE_CHECKING:
    from tests.simulation.run import Simulation

SLOT = 1800.0
GRACE = 60.0  # the settle grace of the runs
ANSWERED = {10}
AGAIN = {8, 9, 12}  # results after which we may call once more
STEPS = {
    None: {"scheduled"},
    "scheduled": {"scheduled", "importing", "cancelled", "expired"},
    "importing": {"imported", "scheduled", "failed"},
    "imported": {"completed", "failed", "scheduled"},
}
REFUSALS = {
    "book": {"slot_full", "start_in_past", "outside_booking_window", "do_not_call"},
    "repeat": {"slot_full", "start_in_past", "outside_booking_window", "do_not_call"},
    "move": {"slot_full", "start_in_past", "outside_booking_window", "not_reschedulable", "do_not_call"},
    "cancel": {"not_cancellable"},
    "dispatch": {"not_dispatchable"},
}  # fmt: skip
CLOCK_TOLERANCE = 65.0  # seconds that a node's clock may be wrong unnoticed
NAME = "Ann"

Texts = Iterator[str]


def seconds(text: str | None) -> float:
    """An instant of the database, in seconds since the run began."""
    return (datetime.fromisoformat(str(text)).replace(tzinfo=UTC) - START).total_seconds()


class Watch:
    """What is looked at after every commit: epochs, places, claims."""

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

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, query: str) -> list[Any]:
        if self._connection is None:
            self._connection = self._simulation.databases.raw()
        return self._connection.execute(query).fetchall()

    def committed(self) -> None:
        epoch = self._read("SELECT epoch FROM mastership")[0][0]
        if epoch < self._epoch:
            self.found("epoch_shrank", f"{self._epoch} → {epoch}")
        self._epoch = epoch
        importing = {row[0] for row in self._read("SELECT account_number FROM callback WHERE status = 'importing'")}
        for account in sorted(importing - self._importing):
            self.claims[account].append(self._simulation.scheduler.now)
        self._importing = importing
        self._slots()

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
    """All that is known at the end."""

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
        """The starts that the customer may count on at a time: of each doing that no later acknowledged one outdid."""
        asked = [one for one in self.entries(("book", "move"), who) if one.outcome != "refused" and one.invoked <= at]
        sure = [one for one in asked if one.outcome == "ok" and one.ended <= at]
        return {one.start for one in asked if not any(other.invoked > one.ended for other in sure)}

    def tolerance(self) -> float:
        return CLOCK_TOLERANCE if any(fault.what == "clock_step" for fault in self.plan.faults) else 1.0


def imported_twice(found: Evidence) -> Texts:
    for key, contacts in found.taken.items():
        if len(contacts) > 1:
            yield f"{key} at " + ", ".join(f"{one.taken_at:.1f} s from {one.from_node}" for one in contacts)


def dialled_twice(found: Evidence) -> Texts:
    for key, calls in found.results.items():
        if len(calls) > 1:
            yield f"{key} was called at " + ", ".join(f"{at:.1f} s" for at, _ in calls)


def lost_booking(found: Evidence) -> Texts:
    for entry in found.entries(("book", "repeat")):
        if entry.outcome == "ok" and entry.account not in found.callbacks:
            yield f"customer {entry.op.who}: {entry.account} was acknowledged and does not exist"


def stuck(found: Evidence) -> Texts:
    for account, row in found.callbacks.items():
        if row["status"] in ("scheduled", "importing", "imported"):
            yield f"{account} is left {row['status']}, due at {seconds(row['due_at']):.0f} s"


def wrong_start(found: Evidence) -> Texts:
    """The acknowledged start is the one that stands, in its own slot."""
    for account, row in found.callbacks.items():
        start = seconds(row["start_at"])
        if account in found.who and start not in (wanted := found.starts(found.who[account], found.end)):
            yield f"{account} starts at {start:.0f} s, the customer was told {sorted(wanted)}"
        if not 0 <= start - seconds(row["slot_start"]) < SLOT:
            yield f"{account} starts at {start:.0f} s and holds a place of {seconds(row['slot_start']):.0f} s"


def called_early(found: Evidence) -> Texts:
    for account, claims in found.watch.claims.items():
        who = found.who.get(account)
        if who is None or found.entries(("dispatch",), who):
            continue
        for at in claims:
            starts = found.starts(who, at)
            if starts and min(starts) > at + found.tolerance():
                yield f"{account} was claimed at {at:.1f} s, the customer was told {sorted(starts)}"


def called_late(found: Evidence) -> Texts:
    """In a calm run what is due is handed over with the next cycle."""
    if not found.plan.calm():
        return
    for key, contacts in found.taken.items():
        who = found.who.get(key[:26])
        if who is None or not key.endswith("-01") or found.entries(("dispatch",), who):
            continue
        late = contacts[0].taken_at - max(found.starts(who, contacts[0].taken_at))
        if late > 55:
            yield f"{key} came to UCCE {late:.0f} s late"


def wrong_contact(found: Evidence) -> Texts:
    """Number, names and zone as UCCE got them."""
    for key, contacts in found.taken.items():
        who = found.who.get(key[:26])
        for contact in contacts if who is not None else ():
            row = contact.row
            if row.phones != {"01": "9" + phone_of(who)[2:]}:
                yield f"{key} got the number {row.phones}"
            if (row.first_name, row.last_name) != (NAME, f"Number {who}"):
                yield f"{key} got the name {row.first_name} {row.last_name}"
            if row.bias is not None and row.bias != 360:  # Chicago in winter
                yield f"{key} got the bias {row.bias}"


def unknown_contact(found: Evidence) -> Texts:
    for key, contacts in found.taken.items():
        attempt = found.attempts.get(key)
        if attempt is None or attempt["imported_at"] is None:
            yield f"UCCE took {key} at {contacts[0].taken_at:.1f} s and the database does not know"
    for key, attempt in found.attempts.items():
        if attempt["imported_at"] is not None and key not in found.taken:
            yield f"{key} counts as imported, and UCCE never took it"


def wrong_retry(found: Evidence) -> Texts:
    for key in found.taken:
        account, number = key[:26], int(key[27:])
        if number > found.plan.max_attempts:
            yield f"{key} is one attempt more than {found.plan.max_attempts}"
        if number == 1:
            continue
        before = found.results.get(f"{account}-{number - 1:02}", [])
        if not before or before[-1][1] not in AGAIN:
            yield f"{key} was sent after the result {[result for _, result in before]}"
        elif found.taken[key][0].taken_at < before[-1][0] + 55 and not found.entries(("dispatch",)):
            yield f"{key} was sent at once after the last call"


def wrong_result(found: Evidence) -> Texts:
    """What the attempt shows is what the dialer's journal says."""
    for key, attempt in found.attempts.items():
        shown, calls = attempt["call_result"], found.results.get(key, [])
        if shown is not None and (not calls or calls[-1][1] != shown):
            yield f"{key} shows {shown}, the dialer says {[result for _, result in calls]}"


def wrong_end(found: Evidence) -> Texts:
    """Every end has its reason outside of the product."""
    refused = {key for _, key in found.simulation.ucce.refused}
    for account, row in found.callbacks.items():
        keys = sorted(key for key in found.taken if key.startswith(account))
        last = found.results.get(keys[-1], [(0.0, 0)])[-1][1] if keys else 0
        who = found.who.get(account)
        match row["status"]:
            case "completed" if last not in ANSWERED:
                yield f"{account} is completed, the last call ended with {last}"
            case "failed" if row["outcome"] == "refused":
                if not any(key.startswith(account) for key in refused):
                    yield f"{account} is failed as refused, and UCCE never refused it"
            case "failed" if last in ANSWERED and keys[-1] not in found.simulation.purged:
                yield f"{account} is failed ({row['reason']}), the last call was answered"
            case "failed" if not last and not set(keys) & found.simulation.purged:
                yield f"{account} is failed ({row['reason']}) without a call"
            case "failed" if last in AGAIN and len(keys) < found.plan.max_attempts and "window" not in str(row["reason"]):
                if keys[-1] not in found.simulation.purged:
                    yield f"{account} is failed after {len(keys)} of {found.plan.max_attempts} attempts"
            case "cancelled":
                asked = [one for one in found.entries(("cancel", "do_not_call"), who) if one.outcome != "refused"]
                if who is not None and not asked:
                    yield f"{account} is cancelled, and nobody asked for it"


def expired_needlessly(found: Evidence) -> Texts:
    """It may expire once its window is over, and only when as much stood in the way as its window lasted."""
    window = SLOT + found.plan.settings["expire_minutes"] * 60
    hindered = sum(90 + abs(fault.value) for _, fault in found.simulation.faults.struck)
    hindered += sum(140 for one in found.plan.ops if one.what == "brake")
    for account, row in found.callbacks.items():
        if row["status"] != "expired":
            continue
        over = seconds(row["slot_start"]) + window
        at = seconds(found.events[account][-1]["at"])
        if at < over - found.tolerance():
            yield f"{account} expired at {at:.0f} s, its window lasts until {over:.0f} s"
        elif over - seconds(row["due_at"]) > hindered + 120:
            yield f"{account} expired, though only {hindered:.0f} s stood in its way"


def illegal_path(found: Evidence) -> Texts:
    for account, row in found.callbacks.items():
        before = None
        for event in found.events[account]:
            if event["from_status"] != before or event["to_status"] not in STEPS.get(before, set()):
                yield f"{account}: {event['from_status']} → {event['to_status']} after {before}"
            if not event["why"] or not event["who"]:
                yield f"{account}: an event says neither who nor why"
            before = event["to_status"]
        if before != row["status"]:
            yield f"{account}: its events end in {before}, it is {row['status']}"


def called_in_spite(found: Evidence) -> Texts:
    """Nothing is claimed after a cancel, a do-not-call entry or a brake was acknowledged."""
    for account, claims in found.watch.claims.items():
        who = found.who.get(account)
        for one in found.entries(("cancel", "do_not_call"), who) if who is not None else ():
            late = [at for at in claims if at > one.ended]
            if one.outcome == "ok" and late:
                yield f"{account} was claimed at {late[0]:.1f} s, after the {one.op.what} of {one.ended:.1f} s"
    for start, end in _braked(found):
        for account, claims in found.watch.claims.items():
            if any(start < at < end for at in claims):
                yield f"{account} was claimed while the brake of {start:.1f} s to {end:.1f} s held"


def _braked(found: Evidence) -> Iterator[tuple[float, float]]:
    for brake in found.entries(("brake",)):
        if brake.outcome == "ok":
            ends = [one.invoked for one in found.entries(("release",)) if one.ended >= brake.invoked]
            yield brake.ended, min(ends, default=found.end)


def stale_master(found: Evidence) -> Texts:
    """What an older epoch sends after a newer one began comes within the settle grace, or not at all."""
    began = {row["epoch"]: seconds(row["began_at"]) for row in found.terms}
    newest = 0
    for contact in found.simulation.ucce.taken:
        attempt = found.attempts.get(contact.row.account_number)
        if attempt is None:
            continue
        epoch = attempt["epoch"]
        if epoch not in began:
            yield f"{attempt['contact_key']} was sent under the epoch {epoch}, which never was"
        elif epoch < newest and contact.taken_at - began[newest] > GRACE + found.tolerance():
            yield f"epoch {epoch} sent {contact.taken_at - began[newest]:.1f} s after epoch {newest} began"
        newest = max(newest, epoch)


def refused_wrongly(found: Evidence) -> Texts:
    for entry in found.history:
        if entry.outcome != "refused":
            continue
        if entry.code not in REFUSALS.get(entry.op.what, set()):
            yield f"{entry.op.what} of customer {entry.op.who} was refused as {entry.code}"
        if entry.code == "slot_full":
            slot = entry.start // SLOT * SLOT
            if found.watch.fullest.get(slot, 0) < found.plan.capacity:
                yield f"{entry.op.what} at {entry.invoked:.1f} s: the slot of {slot:.0f} s was never full"


def unexpected_error(found: Evidence) -> Texts:
    yield from found.simulation.customers.unexpected
    for task, error in found.simulation.scheduler.failures:
        yield f"{task.node.name}/{task.name}: {type(error).__name__}: {error}"


CHECKS = (
    imported_twice, dialled_twice, lost_booking, stuck, wrong_start, called_early, called_late, wrong_contact,
    unknown_contact, wrong_retry, wrong_result, wrong_end, expired_needlessly, illegal_path, called_in_spite,
    stale_master, refused_wrongly, unexpected_error,
)  # fmt: skip


def judge(simulation: "Simulation") -> list[Finding]:
    """Everything that is wrong. What was found in the middle of a run stands alone: the run ended there."""
    simulation.watch.close()
    if simulation.watch.findings:
        return simulation.watch.findings[:3]
    found = Evidence(simulation)
    return [Finding(check.__name__, text) for check in CHECKS for text in check(found)]
