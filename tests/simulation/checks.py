"""The checks: the answers that customers got, compared with UCCE's journals, the dialer's and the database's rows.

Nothing of the product is used: rows are read by plain SQL, and the tables of codes and transitions are written here.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.simulation.customers import phone_of
from tests.simulation.evidence import Evidence, seconds
from tests.simulation.findings import Finding

if TYPE_CHECKING:
    from tests.simulation.run import Simulation

SLOT = 1800.0
GRACE = 75.0  # the settle grace of the runs
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
NAME = "Ann"

Texts = Iterator[str]


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
    """The callback has the start that was acknowledged last, in the slot of that start."""
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
    """UCCE got the right number, names and zone."""
    for key, contacts in found.taken.items():
        who = found.who.get(key[:26])
        if who is None:
            continue
        for contact in contacts:
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
        elif found.taken[key][0].taken_at < before[-1][0] + 55 - found.tolerance() and not found.entries(("dispatch",)):
            yield f"{key} was sent at once after the last call"


def wrong_result(found: Evidence) -> Texts:
    """The attempt's result is that of the dialer's journal."""
    for key, attempt in found.attempts.items():
        shown, calls = attempt["call_result"], found.results.get(key, [])
        if shown is not None and (not calls or calls[-1][1] != shown):
            yield f"{key} shows {shown}, the dialer says {[result for _, result in calls]}"


def wrong_end(found: Evidence) -> Texts:
    """Every final state has a cause outside of the product."""
    for account, row in found.callbacks.items():
        keys = sorted(key for key in found.taken if key.startswith(account))
        last = found.results.get(keys[-1], [(0.0, 0)])[-1][1] if keys else 0
        who = found.who.get(account)
        if row["status"] == "completed" and last not in ANSWERED:
            yield f"{account} is completed, the last call ended with {last}"
        if row["status"] == "failed" and (wrong := _wrongly_failed(found, account, row, keys, last)):
            yield f"{account} is failed ({row['reason']}), {wrong}"
        asked = [one for one in found.entries(("cancel", "do_not_call"), who) if one.outcome != "refused"]
        if row["status"] == "cancelled" and who is not None and not asked:
            yield f"{account} is cancelled, and nobody asked for it"


def _wrongly_failed(found: Evidence, account: str, row: Any, keys: list[str], last: int) -> str | None:
    """What is wrong with a failure. A result that was purged before it was read may be recorded as lost.

    So may a contact of unknown outcome: once any contact was gone from the campaign's list, one that was sent before
    may be gone as well.
    """
    if row["outcome"] == "refused":
        refused = any(key.startswith(account) for _, key in found.simulation.ucce.refused)
        return None if refused else "and UCCE never refused it"
    if found.simulation.purged and (row["outcome"] == "result_lost" or found.simulation.purged & set(keys)):
        return None
    if last in ANSWERED:
        return "and the last call was answered"
    if not last:
        return "without a call"
    early = last in AGAIN and len(keys) < found.plan.max_attempts and "window" not in str(row["reason"])
    return f"after {len(keys)} of {found.plan.max_attempts} attempts" if early else None


def expired_needlessly(found: Evidence) -> Texts:
    """A callback may expire only after its window, and only when faults blocked it for as long as the window lasted."""
    window = SLOT + found.plan.settings["expire_minutes"] * 60
    hindered = sum(90 + abs(fault.value) for _, fault in found.simulation.faults.struck)
    hindered += sum(140 for one in found.plan.ops if one.what in ("brake", "hours"))
    hindered += sum(max(0.0, end - start - 120) for start, end in (*_braked(found), *_closed(found)))
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


def called_outside_hours(found: Evidence) -> Texts:
    """Nothing is claimed while the calling hours are over where the customers are (customers.HOURS)."""
    for start, end in _closed(found):
        for account, claims in found.watch.claims.items():
            if late := [at for at in claims if start < at < end]:
                yield f"{account} was claimed at {late[0]:.1f} s, the calling hours were over from {start:.1f} s on"


def _closed(found: Evidence) -> Iterator[tuple[float, float]]:
    for one in found.entries(("hours",)):
        if one.outcome == "ok" and one.op.detail == "closed":
            opened = [each for each in found.entries(("hours",)) if each.op.detail == "open"]
            yield one.ended, min((each.invoked for each in opened if each.ended >= one.invoked), default=found.end)


def _braked(found: Evidence) -> Iterator[tuple[float, float]]:
    for brake in found.entries(("brake",)):
        if brake.outcome == "ok":
            ends = [one.invoked for one in found.entries(("release",)) if one.ended >= brake.invoked]
            yield brake.ended, min(ends, default=found.end)


def stale_master(found: Evidence) -> Texts:
    """Imports of an older epoch after a newer one began arrive within the settle grace, or not at all."""
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
    called_outside_hours, stale_master, refused_wrongly, unexpected_error,
)  # fmt: skip


# The checks that hold also after the database has lost its last transactions, with the bookings, moves and cancels in
# them.
AFTER_A_LOSS = (imported_twice, dialled_twice, wrong_contact, stuck, illegal_path, unexpected_error)


def judge(simulation: "Simulation") -> list[Finding]:
    """All findings. A finding during the run is the only one, because the run ended with it."""
    simulation.watch.close()
    if simulation.watch.findings:
        return simulation.watch.findings[:3]
    found = Evidence(simulation)
    checks = AFTER_A_LOSS if simulation.database_lost else CHECKS
    return [Finding(check.__name__, text) for check in checks for text in check(found)]
