"""What the API acknowledged to clients about their bookings is true, and stays true."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.chaos.checks.booking_histories import BookingHistory, booking_histories, by_account
from tests.chaos.checks.retention import purged
from tests.chaos.client_requests import LISTED
from tests.chaos.evidence import Evidence, Row, instant

Breaches = Iterator[tuple[str | None, str]]
# Seconds until the API sees that its clock is wrong; until then it may accept a start that is in the past.
CLOCK_NOTICED = 8.0
SLOW_CLOCK = "clock of a booking API two hours behind"


def kept(evidence: Evidence) -> Breaches:
    """Every acknowledged booking exists with the number, names, skill and call data of its request, and its answer
    showed them.
    """
    for account, one in by_account(evidence).items():
        row = evidence.callbacks.get(account)
        if row is None:
            if not any(evidence.forgotten(call["ended"]) for call in one.books):
                yield account, "was acknowledged and does not exist"
            continue
        for name, wanted in _wanted(one).items():
            if getattr(row, name) != wanted and not purged(evidence, row):
                yield account, f"was booked with {name} {wanted!r} and has {getattr(row, name)!r}"
        for call in one.books:
            if call["status"] in (200, 201) and not purged(evidence, row):
                yield from _answered(account, one, call["answer"])


def _wanted(one: BookingHistory) -> dict[str, Any]:
    body, person = one.body, one.person
    return {
        "phone": person["kept"],
        "first_name": person["first"][0],
        "last_name": person["last"][0],
        "skill": body["skill"],
        "call_data": body["callData"],
    }


def _answered(account: str, one: BookingHistory, answer: dict[str, Any]) -> Breaches:
    first, last = one.person["first"][0], one.person["last"][0]
    wanted = {"phone": one.person["kept"], "skill": one.body["skill"], "callData": one.body["callData"],
              "firstName": first, "lastName": last, "status": "scheduled"}  # fmt: skip
    wrong = {name: answer.get(name) for name, value in wanted.items() if answer.get(name) != value}
    if wrong:
        yield account, f"the answer to its booking said {wrong}"
    if instant(answer["start"]) != instant(one.body["start"]):
        yield account, f"the answer to its booking said {answer['start']}, not {one.body['start']}"


def moved(evidence: Evidence) -> Breaches:
    """A callback's start is the last acknowledged one, and the answer to a move says so."""
    for account, one in by_account(evidence).items():
        row = evidence.callbacks.get(account)
        if row is None:
            continue
        possible = one.starts(evidence.now, evidence.now)
        if row.start_at not in possible and not _aged(row):
            shown = sorted(start.isoformat() for start in possible)
            yield account, f"starts at {row.start_at.isoformat()}, and what was acknowledged is {shown}"
    for call in evidence.calls:
        if call["op"] != "reschedule" or call["status"] != 200 or call["stale"]:
            continue
        if instant(call["answer"]["start"]) != instant(call["request"]["start"]):
            yield call["account"], f"the answer to its move said {call['answer']['start']}"


def _aged(row: Row) -> bool:
    """Whether the run made this row old (faults/people.py)."""
    return bool(
        row.changed_at < row.created_at - timedelta(days=1) or row.start_at < row.created_at - timedelta(days=1)
    )


def cancelled(evidence: Evidence) -> Breaches:
    """An acknowledged cancel holds: nothing is imported after it."""
    for account, one in by_account(evidence).items():
        sure = [action.ended for action in one.cancels if action.sure]
        row = evidence.callbacks.get(account)
        if not sure or row is None:
            continue
        if row.status != "cancelled":
            yield account, f"its cancel was acknowledged and it is {row.status}"
        for key in keys_of(evidence, account):
            if any(instant(taken["at"]) > min(sure) for taken in evidence.taken[key]):
                yield account, f"{key} was imported after its cancel was acknowledged"


def keys_of(evidence: Evidence, account: str) -> list[str]:
    """The contact keys of a callback that UCCE took."""
    return [key for number in range(1, 100) if (key := f"{account}-{number:02d}") in evidence.taken]


def read(evidence: Evidence) -> Breaches:
    """What a client reads of its callback is what was acknowledged by then."""
    bookings = by_account(evidence)
    for call in evidence.calls:
        if call["op"] != "read" or call["status"] != 200 or call["account"] not in bookings:
            continue
        one, answer = bookings[call["account"]], call["answer"]
        row = evidence.callbacks.get(call["account"])
        if row is None or purged(evidence, row) or _aged(row):
            continue
        if instant(answer["start"]) not in one.starts(instant(call["began"]), instant(call["ended"])):
            yield call["account"], f"was read as starting at {answer['start']} at {call['ended']}"
        if answer["callData"] != one.body["callData"] or answer["phone"] != one.person["kept"]:
            yield call["account"], "was read with another number or other call data"
        ended = [action for action in one.cancels if action.sure and action.ended <= instant(call["began"])]
        if ended and answer["status"] != "cancelled":
            yield call["account"], f"was read as {answer['status']} after its cancel was acknowledged"


def repeats(evidence: Evidence) -> Breaches:
    """Repeats with one key gave one callback and equal answers; no booking of a client made two callbacks."""
    for one in booking_histories(evidence).values():
        if any(evidence.forgotten(call["ended"]) for call in one.books):
            continue
        if one.account and (row := evidence.callbacks.get(one.account)) and purged(evidence, row):
            continue  # its key would be as old, and gone with it
        good = [call for call in one.books if call["status"] in (200, 201)]
        if any(call["answer"] != good[0]["answer"] for call in good):
            yield one.account, "repeats with one key had different answers"
        if good and any(_refusal(call) for call in one.books):
            yield one.account, "a key was answered with a booking and with a refusal"
        if sum(1 for call in good if call["status"] == 201) > 1:
            yield one.account, "one key was answered twice with 201"
    for n, number in Counter(row.call_data.get("n") for row in evidence.callbacks.values()).items():
        if number > 1 and n is not None:
            account = next(row.account_number for row in evidence.callbacks.values() if row.call_data.get("n") == n)
            yield account, f"one booking made {number} callbacks"


def _refusal(call: dict[str, Any]) -> bool:
    """Whether this is a final refusal, which the key repeats from then on; a refusal by the brake is not final."""
    status = call["status"]
    certain = status is not None and 400 <= status < 500 and status not in (408, 429)
    return certain and call["answer"]["code"] != "booking_closed"


def refused(evidence: Evidence) -> Breaches:
    """What must be refused was refused, with its code, and nothing came of it."""
    reused = [call for call in evidence.calls if call["op"] == "reuse" and call["account"] in evidence.callbacks]
    for call in reused:
        answered = call["status"] is not None and call["status"] < 500
        if answered and call["answer"].get("code") != "idempotency_key_reused":
            yield call["account"], f"a key reused for another booking was answered {call['status']} {call['answer']}"
    for call in evidence.calls:
        if call["op"] == "past" and call["status"] in (200, 201) and not _slow(evidence, call):
            yield call["account"], f"was booked for {call['request']['start']}, an hour before"
        if call["op"] == "listed" and call["status"] in (200, 201):
            yield call["account"], "was booked for a number on the do-not-call list"
    wrong = {call["request"]["callData"]["n"] for call in reused}
    for row in evidence.callbacks.values():
        if row.phone in LISTED:
            yield row.account_number, "exists for a number that was on the do-not-call list all the time"
        if row.call_data.get("n") in wrong:
            yield row.account_number, "was made with the key of another booking"


def _slow(evidence: Evidence, call: dict[str, Any]) -> bool:
    """Whether a booking API whose clock was set back less than CLOCK_NOTICED seconds ago may have accepted it."""
    begins = [
        instant(row["at"]) for row in evidence.faults if row.get("fault") == SLOW_CLOCK and row["phase"] == "begins"
    ]
    began, ended, noticed = instant(call["began"]), instant(call["ended"]), timedelta(seconds=CLOCK_NOTICED)
    return any(begin <= ended and began <= begin + noticed for begin in begins)
