"""The calls in the dialer's journal agree with the recorded results, and what followed is what the results require."""

from collections.abc import Iterator
from typing import Any

from tests.chaos.checks.booking_histories import by_account
from tests.chaos.checks.hand_over import account_of
from tests.chaos.evidence import Evidence, Row
from tests.chaos.invariants import DIALLED_AGAIN_BY, MAX_ATTEMPTS, RESULTS

Breaches = Iterator[tuple[str | None, str]]


def last_dial(evidence: Evidence, key: str) -> dict[str, Any] | None:
    dials = evidence.dials.get(key)
    return dials[-1] if dials else None


def results(evidence: Evidence) -> Breaches:
    """Every call that is over is recorded with the result of the dialer's journal and the outcome that
    belongs to it.
    """
    for account, attempts in evidence.attempts.items():
        for attempt in attempts:
            dial = last_dial(evidence, attempt.contact_key)
            if attempt.finished_at is None or attempt.outcome in ("refused", "not_taken"):
                continue
            if dial is None:
                if attempt.call_result is not None:
                    yield account, f"{attempt.contact_key} has result {attempt.call_result}, and nobody called"
                continue
            if attempt.outcome == "result_lost" and evidence.lost_in_ucce(attempt):
                continue
            name, _, _ = RESULTS[dial["result"]]
            if (attempt.call_result, attempt.outcome) != (dial["result"], name):
                yield (
                    account,
                    (
                        f"{attempt.contact_key} is recorded as {attempt.call_result} {attempt.outcome}, and the dialer "
                        f"had {dial['result']} {name}"
                    ),
                )
        yield from _end(evidence, account, attempts)


def _end(evidence: Evidence, account: str, attempts: list[Row]) -> Breaches:
    """The callback has the state that follows from the result of its last call."""
    row, last = evidence.callbacks.get(account), max(attempts, key=lambda attempt: attempt.number)
    dial = last_dial(evidence, last.contact_key)
    if row is None or dial is None or last.finished_at is None or last.call_result is None:
        return
    name, again, done = RESULTS[dial["result"]]
    wanted = "completed" if done else "failed"
    if again and last.number < MAX_ATTEMPTS:
        wanted = "scheduled, cancelled"  # until it is due again, and its customer may still cancel it
    if row.status not in wanted:
        yield account, f"is {row.status} after its last call ended as {name}"


def retries(evidence: Evidence) -> Breaches:
    """Another attempt is made only after a call whose result may be tried again, and no more than the policy says."""
    for key in evidence.taken:
        account, number = account_of(key), int(key[27:])
        if number > MAX_ATTEMPTS:
            yield account, f"was handed over for the {number}th time, of {MAX_ATTEMPTS}"
        if number > 1:
            before = last_dial(evidence, f"{account}-{number - 1:02d}")
            if before is None:
                yield account, f"{key} was handed over, and nobody had called the number before"
            elif not RESULTS[before["result"]][1]:
                yield account, f"{key} was handed over after {RESULTS[before['result']][0]}"


def made(evidence: Evidence) -> Breaches:
    """Each contact is called once, at the number that was booked; whoever answered is not called again."""
    bookings = by_account(evidence)
    for key, dials in evidence.dials.items():
        one = bookings.get(account_of(key))
        for dial in dials:
            if one is not None and dial["phone"] != one.person["dialled"]:
                yield account_of(key), f"{dial['phone']} was called, and {one.person['dialled']} had booked"
        if len(dials) > 1 and not any(_again(evidence, name) for name in DIALLED_AGAIN_BY):
            yield account_of(key), f"{key} was called {len(dials)} times"
    answered: dict[str, str] = {}
    for dial in (dial for dials in evidence.dials.values() for dial in dials):
        account = account_of(dial["accountNumber"])
        if account in answered and dial["at"] > answered[account]:
            yield account, f"had answered at {answered[account]} and was called again at {dial['at']}"
        if RESULTS[dial["result"]][2]:
            answered[account] = min(dial["at"], answered.get(account, dial["at"]))


def _again(evidence: Evidence, name: str) -> bool:
    return any(row.get("fault") == name for row in evidence.faults)
