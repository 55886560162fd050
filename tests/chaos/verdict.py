"""The six properties. Each function gives its breaches: (account number or None, what is wrong)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.callbacks.states import Status, is_legal
from tests.chaos.evidence import Evidence
from tests.chaos.rig import ROOMY, SCARCE, SETTLE_GRACE

Breaches = Iterator[tuple[str | None, str]]
WAITING = {Status.SCHEDULED}  # after the drain nothing is under way any more
SURE_REFUSALS = range(400, 500)


@dataclass(frozen=True)
class Breach:
    check: int
    account: str | None
    text: str


def acknowledged(found: Evidence) -> Breaches:
    """1. Every acknowledged booking exists; an acknowledged cancel is never imported after its acknowledgement."""
    for call in found.calls:
        if call["op"] == "book" and call["status"] in (200, 201):
            row = found.callbacks.get(call["account"])
            if row is None:
                yield call["account"], "was acknowledged and does not exist"
            elif row.phone != call["request"]["phone"]:
                yield call["account"], "was acknowledged for another number"
    yield from _cancels(found)


def _cancels(found: Evidence) -> Breaches:
    cancelled: dict[str, str] = {}
    for call in found.calls:
        if call["op"] == "cancel" and call["status"] == 204:
            cancelled.setdefault(call["account"], call["ended"])
    for account in cancelled:
        if (row := found.callbacks.get(account)) is None or row.status != Status.CANCELLED:
            yield account, "its cancel was acknowledged and it is not cancelled"
    for key, sequences in found.taken.items():
        for sequence in sequences:
            if key[:26] in cancelled and found.receipt[sequence]["at"] > cancelled[key[:26]]:
                yield key[:26], "was imported after its cancel was acknowledged"


def once(found: Evidence) -> Breaches:
    """2. No contact key imported twice, no two open attempts, nothing due left unimported or unexplained."""
    yield from early(found)
    known = {attempt.contact_key: attempt for attempts in found.attempts.values() for attempt in attempts}
    for key, sequences in found.taken.items():
        if len(sequences) > 1:
            yield key[:26], f"contact {key} was imported {len(sequences)} times"
        if key not in known or known[key].imported_at is None:
            yield key[:26], f"UCCE has contact {key}, and we do not know it"
    for key, attempt in known.items():
        if attempt.imported_at is not None and key not in found.taken:
            yield attempt.account_number, f"contact {key} counts as imported, and UCCE never had it"
    yield from _ends(found)


def _ends(found: Evidence) -> Breaches:
    for account, row in found.callbacks.items():
        attempts = found.attempts.get(account, [])
        if sum(1 for attempt in attempts if attempt.finished_at is None) > 1:
            yield account, "has two open attempts"
        if row.status in (Status.IMPORTING, Status.IMPORTED):
            yield account, f"is left {row.status}"
        if row.status == Status.SCHEDULED and row.due_at <= found.now - timedelta(seconds=5):
            yield account, "was due and is left unimported"
        if row.status == Status.COMPLETED and not any(attempt.imported_at for attempt in attempts):
            yield account, "is completed and was never imported"
        if row.status in (Status.FAILED, Status.EXPIRED) and not row.reason:
            yield account, f"is {row.status} without a reason"


def early(found: Evidence) -> Breaches:
    """2, too. Nobody is called before the time they asked for, whatever a node's clock says (a minute's grace)."""
    for key, sequences in found.taken.items():
        row = found.callbacks.get(key[:26])
        tried_again = any(event.from_status == Status.IMPORTED for event in found.events.get(key[:26], [])[:-1])
        if row is None or tried_again:  # its time may have been moved after its first try
            continue
        ahead = row.start_at - datetime.fromisoformat(found.receipt[sequences[0]]["at"])
        if ahead > timedelta(minutes=1):
            yield key[:26], f"was imported {ahead} before its time"


def places(found: Evidence) -> Breaches:
    """3. No slot above its capacity; `booked` is the number of its callbacks that are not cancelled."""
    counted = Counter(
        (row.pool_id, row.slot_start) for row in found.callbacks.values() if row.status != Status.CANCELLED
    )
    for slot in found.slots:
        number = counted.pop((slot.pool_id, slot.start_at), 0)
        if slot.booked != number:
            yield None, f"slot {slot.start_at} of pool {slot.pool_id} counts {slot.booked} and has {number}"
        if number > (limit := min(slot.capacity, ROOMY)) or slot.capacity not in (ROOMY, SCARCE):
            yield None, f"slot {slot.start_at} of pool {slot.pool_id} has {number} of {limit}"
    for (pool, start), number in counted.items():
        yield None, f"slot {start} of pool {pool} does not exist and has {number}"


def repeats(found: Evidence) -> Breaches:
    """4. Repeats with one key gave one callback and equal answers."""
    answers: dict[str, list[Any]] = defaultdict(list)
    for call in found.calls:
        if call["op"] == "book" and call["status"] is not None and call["status"] not in (408, 429):
            answers[call["key"]].append(call)
    for calls in answers.values():
        good = [call for call in calls if call["status"] in (200, 201)]
        if good and any(call["answer"] != good[0]["answer"] for call in good):
            yield good[0]["account"], "repeats with one key had different answers"
        if good and any(call["status"] in SURE_REFUSALS for call in calls):
            yield good[0]["account"], "a key was answered with a booking and with a refusal"
        if sum(1 for call in calls if call["status"] == 201) > 1:
            yield good[0]["account"], "one key was answered twice with 201"
    for phone, number in Counter(row.phone for row in found.callbacks.values()).items():
        if number > 1:
            account = next(row.account_number for row in found.callbacks.values() if row.phone == phone)
            yield account, f"one order made {number} callbacks"


def epochs(found: Evidence) -> Breaches:
    """5. In UCCE's order of receipt epochs only grow, but for what a stalled master had put on the wire."""
    began = {term.epoch: term.began_at for term in found.terms}
    newest = 0
    for key, epoch, receipt in sends(found):
        if epoch not in began:
            yield key[:26], f"was imported under epoch {epoch}, which was never a mastership"
            continue
        if epoch < newest:
            late = datetime.fromisoformat(receipt["at"]) - began[newest]
            if late.total_seconds() > SETTLE_GRACE:
                yield key[:26], f"epoch {epoch} sent {late.total_seconds():.1f} s after epoch {newest} began"
        newest = max(newest, epoch)


def paths(found: Evidence) -> Breaches:
    """6. Every callback's events form a legal path to its state."""
    for account, row in found.callbacks.items():
        before = None
        for event in found.events.get(account, []):
            if event.from_status != before:
                yield account, f"event {event.id} begins at {event.from_status}, after {before}"
            if not is_legal(event.from_status, event.to_status):
                yield account, f"{event.from_status} → {event.to_status} is not legal"
            before = event.to_status
        if before != row.status:
            yield account, f"its events end in {before}, it is {row.status}"
        if any(not event.why for event in found.events.get(account, [])):
            yield account, "an event has no reason"


CHECKS: tuple[Callable[[Evidence], Breaches], ...] = (acknowledged, once, places, repeats, epochs, paths)


def judge(found: Evidence) -> list[Breach]:
    return [
        Breach(number, account, text) for number, check in enumerate(CHECKS, start=1) for account, text in check(found)
    ]


def sends(found: Evidence) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(contact key, its epoch, UCCE's receipt) of all that was taken, in UCCE's order of receipt."""
    known = {attempt.contact_key: attempt for attempts in found.attempts.values() for attempt in attempts}
    for receipt in found.received:
        for key in receipt["accountNumbers"] if receipt["taken"] else []:
            if key in known:
                yield key, known[key].epoch, receipt


def longest_on_the_way(found: Evidence) -> float:
    """Seconds from a claim to UCCE's receipt of what it took, at most; claims under a wrong clock do not count."""
    known = {attempt.contact_key: attempt for attempts in found.attempts.values() for attempt in attempts}
    waits = [
        (datetime.fromisoformat(receipt["at"]) - known[key].claimed_at).total_seconds()
        for key, _, receipt in sends(found)
    ]
    return max((wait for wait in waits if 0 <= wait < 1800), default=0.0)


def out_of_order(found: Evidence) -> list[float]:
    """Of each import that came with an older epoch than one before it: how many seconds after the newer one began."""
    began = {term.epoch: term.began_at for term in found.terms}
    newest, late = 0, []
    for _, epoch, receipt in sends(found):
        if epoch < newest:
            late.append((datetime.fromisoformat(receipt["at"]) - began[newest]).total_seconds())
        newest = max(newest, epoch)
    return late
