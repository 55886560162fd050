"""By UCCE's journal of rows every callback is handed over once, in time, as it was requested."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.chaos.checks.booking_histories import BookingHistory, by_account, made_late
from tests.chaos.client_requests import CAMPAIGNS, PLACES
from tests.chaos.evidence import Evidence, Row, instant
from tests.chaos.invariants import REFUSED_BY, RESULTS, STEPS

Breaches = Iterator[tuple[str | None, str]]
CLOCKS = timedelta(seconds=2)  # between this process's clock and the system's, and for what is cut to whole seconds


def account_of(key: str) -> str:
    return key[:26]


def once(evidence: Evidence) -> Breaches:
    """No contact key is imported twice, no callback has two open attempts, and UCCE and we agree on what it took."""
    known = {attempt.contact_key: attempt for attempts in evidence.attempts.values() for attempt in attempts}
    for key, rows in evidence.taken.items():
        if len(rows) > 1:
            yield account_of(key), f"contact {key} was imported {len(rows)} times"
        lost = account_of(key) not in evidence.callbacks and evidence.forgotten(rows[0]["at"])
        if not lost and (key not in known or known[key].imported_at is None):
            yield account_of(key), f"UCCE has contact {key}, and we do not know it"
    for key, attempt in known.items():
        if attempt.imported_at is not None and key not in evidence.taken:
            yield attempt.account_number, f"contact {key} counts as imported, and UCCE never had it"
    yield from _recorded(evidence)
    for account, attempts in evidence.attempts.items():
        if sum(1 for attempt in attempts if attempt.finished_at is None) > 1:
            yield account, "has two open attempts"


def _recorded(evidence: Evidence) -> Breaches:
    """Nothing is recorded as imported before UCCE took it."""
    taken: dict[str, list[datetime]] = defaultdict(list)
    for key, rows in evidence.taken.items():
        taken[account_of(key)] += [instant(row["at"]) for row in rows]
    for account, events in evidence.events.items():
        recorded = [event.at for event in events if (event.from_status, event.to_status) == ("importing", "imported")]
        for number, at in enumerate(recorded, start=1):
            if sum(1 for moment in taken[account] if moment <= at + CLOCKS) < number:
                yield account, f"was recorded as imported at {at}, and UCCE had taken nothing"


def content(evidence: Evidence) -> Breaches:
    """UCCE got the number to dial, the names, the zone and the campaign that follow from what was acknowledged."""
    bookings = by_account(evidence)
    for key, rows in evidence.taken.items():
        one = bookings.get(account_of(key))
        if one is None:  # never acknowledged to its client: no history to compare with
            continue
        for row in rows:
            wanted = _wanted(evidence, one)
            got = {"phones": row["phones"], "firstName": row["firstName"], "lastName": row["lastName"],
                   "campaign": evidence.campaigns.get(row["campaign"])}  # fmt: skip
            if wrong := {name: got[name] for name in wanted if got[name] != wanted[name]}:
                yield account_of(key), f"UCCE got {wrong} of {key}, not { ({name: wanted[name] for name in wrong}) }"
            yield from _zone(evidence, key, row)


def _wanted(evidence: Evidence, one: BookingHistory) -> dict[str, Any]:
    person = one.person
    return {"phones": [person["dialled"]], "firstName": person["first"][1], "lastName": person["last"][1],
            "campaign": CAMPAIGNS[one.body["skill"]]}  # fmt: skip


def _zone(evidence: Evidence, key: str, row: dict[str, Any]) -> Breaches:
    """The customer's local time as the dialer reckons it (UTC − bias, an hour on with a daylight flag that is true
    now) is the local time where the number is, whatever the skill's zone."""
    callback = evidence.callbacks.get(account_of(key))
    if callback is None or (place := PLACES.get(callback.phone[:5])) is None:
        return
    local = instant(row["at"]).astimezone(ZoneInfo(place))
    offset = _minutes(local.utcoffset())
    said = -(row["bias"] or 0) + (60 if row["dst"] and local.dst() else 0)
    if row["bias"] is None or said != offset:
        yield (
            account_of(key),
            (
                f"UCCE got bias {row['bias']} and daylight {row['dst']} for {place}, which is {offset} minutes "
                "ahead of UTC now"
            ),
        )


def _minutes(offset: timedelta | None) -> int:
    return int(offset.total_seconds() // 60) if offset else 0


def early(evidence: Evidence) -> Breaches:
    """Nobody is handed over before the time they asked for last, whatever a node's clock says."""
    bookings = by_account(evidence)
    for key, rows in evidence.taken.items():
        one = bookings.get(account_of(key))
        if one is None:
            continue
        since = _since(evidence, account_of(key), int(key[27:]))
        for row in rows:
            at = instant(row["at"])
            starts = one.starts(at, at)
            if since is not None:  # a later attempt: only starts that were set after the one before it count
                starts = {move.start for move in one.moves if move.sure and since < move.began and move.ended < at
                          and move.start}  # fmt: skip
            if starts and min(starts) - at > CLOCKS:
                yield account_of(key), f"{key} was imported {min(starts) - at} before its time"


def _since(evidence: Evidence, account: str, number: int) -> datetime | None:
    """When the try before this one ended; None for the first."""
    before = [attempt for attempt in evidence.attempts.get(account, []) if attempt.number == number - 1]
    return before[0].finished_at if before else None


def ends(evidence: Evidence) -> Breaches:
    """What was due was handed over. Every other end has a cause that invariants.py names, or was requested."""
    bookings = by_account(evidence)
    for account, row in evidence.callbacks.items():
        attempts = evidence.attempts.get(account, [])
        if row.status in ("importing", "imported"):
            yield account, f"is left {row.status}"
        if row.status == "scheduled" and row.due_at <= evidence.now - timedelta(seconds=5):
            yield account, "was due and is left unimported"
        if row.status == "completed" and not any(attempt.contact_key in evidence.taken for attempt in attempts):
            yield account, "is completed and UCCE never had it"
        booked_past = str(row.call_data.get("n")).startswith("past ")  # whether that was right, "refusals" judges
        late = {action.start for action in made_late(evidence, account)}
        if row.status == "expired" and row.start_at not in late and not booked_past:
            yield account, f"expired ({row.reason}), and nothing explains it"
        if row.status == "failed":
            yield from _failed(evidence, row)
        if row.status == "cancelled" and not _asked(evidence, bookings.get(account), row):
            yield account, f"is cancelled ({row.reason}), and nobody asked for it"


def _explained(evidence: Evidence, row: Row) -> bool:
    if row.outcome == "result_lost":
        return any(evidence.lost_in_ucce(attempt) for attempt in evidence.attempts.get(row.account_number, []))
    return row.outcome == "refused" and any(evidence.under_way(name, row.changed_at, after=90) for name in REFUSED_BY)


def _failed(evidence: Evidence, row: Row) -> Breaches:
    if row.outcome in {name for name, _, _ in RESULTS.values()}:
        return  # judged by the dialer's journal (calls.py)
    if not row.reason:
        yield row.account_number, f"failed as {row.outcome} without a reason"
    if not _explained(evidence, row):
        yield row.account_number, f"failed as {row.outcome} ({row.reason}), and nothing explains it"
    if row.outcome == "refused" and not any(
        one["status"] in (200, 400) and _alone(one, row.account_number) for one in evidence.received
    ):
        yield row.account_number, "failed as refused, and UCCE never refused it by itself"


def _alone(received: dict[str, Any], account: str) -> bool:
    """Whether this import held only this callback, or UCCE took the batch without it."""
    keys = received["accountNumbers"]
    return any(key.startswith(account) for key in keys) and (len(keys) == 1 or received["taken"])


def _asked(evidence: Evidence, one: BookingHistory | None, row: Row) -> bool:
    if row.reason == "do_not_call":
        listed = {edit["body"]["phone"] for edit in evidence.edits if edit["edit"] == "list"}
        return row.phone in listed or (row.phone == "removed" and bool(listed))
    if one is not None and one.cancels:
        return True
    return any(edit["edit"] == "bulk cancel" and edit["status"] not in range(400, 500) for edit in evidence.edits)


def paths(evidence: Evidence) -> Breaches:
    """Every callback's events are a legal path to its state, each with its reason."""
    for account, row in evidence.callbacks.items():
        before = None
        for event in evidence.events.get(account, []):
            if event.from_status != before:
                yield account, f"event {event.id} begins at {event.from_status}, after {before}"
            if (event.from_status, event.to_status) not in STEPS:
                yield account, f"{event.from_status} → {event.to_status} is not legal"
            if not event.why:
                yield account, "an event has no reason"
            before = event.to_status
        if before != row.status:
            yield account, f"its events end in {before}, it is {row.status}"
