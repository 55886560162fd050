"""Acknowledged edits of the administrator hold: a brake, a number on the do-not-call list, a disabled campaign, a bulk
cancel. Each from its answer on until the next request that may have undone it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import methodcaller
from typing import Any

from tests.chaos.checks.bookings import keys_of
from tests.chaos.client_requests import CAMPAIGNS
from tests.chaos.evidence import Evidence, instant
from tests.chaos.invariants import PUT_BACK

Breaches = Iterator[tuple[str | None, str]]
Edit = dict[str, Any]


@dataclass(frozen=True)
class Closed:
    """A time in which nothing may be booked or handed over, of a skill or a number (None: of all)."""

    since: datetime
    until: datetime
    words: str
    skill: str | None = None
    phone: str | None = None
    bookings: bool = True
    hand_overs: bool = True

    def holds(self, moment: datetime, skill: str, phone: str) -> bool:
        return (
            self.since < moment < self.until
            and self.skill in (None, skill)
            and self.phone in (None, phone)
        )  # fmt: skip


def obeyed(evidence: Evidence) -> Breaches:
    """Nothing is booked or handed over against an edit that was acknowledged to the administrator."""
    closed = [
        one
        for one in (*_brakes(evidence), *_listed(evidence), *_disabled(evidence))
        if not evidence.forgotten(one.since)
    ]
    for account, row in evidence.callbacks.items():
        for attempt in evidence.attempts.get(account, []):
            for one in closed:
                if one.hand_overs and one.holds(attempt.claimed_at, row.skill, row.phone):
                    yield account, f"was claimed at {attempt.claimed_at} while {one.words}"
    for call in evidence.calls:
        booked = evidence.callbacks.get(call["account"])
        if booked is not None and _acknowledged(call):
            began, ended = instant(call["began"]), instant(call["ended"])
            for one in closed:
                wanted = (booked.skill, booked.phone)
                if one.bookings and one.holds(began, *wanted) and one.holds(ended, *wanted):
                    yield call["account"], f"was {call['op']}ed while {one.words}"
    yield from _bulk(evidence)


def _acknowledged(call: dict[str, Any]) -> bool:
    """Whether this call itself booked or moved something, and is no repeat of one that did."""
    return (call["op"] == "book" and call["status"] == 201) or (
        call["op"] == "reschedule" and call["status"] == 200 and not call["repeat"]
    )


def _brakes(evidence: Evidence) -> Iterator[Closed]:
    released = _released(evidence)
    for since, until, _ in _spans(evidence, "brake", methodcaller("get", "handOver")):
        ends = min([until, *(at for at in released if at >= since)])
        yield Closed(since, ends, "the brake handOver was on", bookings=False)
    for since, until, _ in _spans(evidence, "brake", methodcaller("get", "acceptBookings")):
        yield Closed(since, until, "the brake acceptBookings was on", hand_overs=False)


def _released(evidence: Evidence) -> list[datetime]:
    """When an operator released the hand-over brake because the database had been put back."""
    return [instant(row["at"]) for row in evidence.faults if row["fault"] == PUT_BACK and row["phase"] == "released"]


def _listed(evidence: Evidence) -> Iterator[Closed]:
    for edit in evidence.edits:
        if edit["edit"] == "list" and edit["status"] == 201:
            phone = edit["body"]["phone"]
            off = [one["began"] for one in evidence.edits if one["edit"] == "unlist" and phone in one["body"]["phones"]
                   and one["began"] >= edit["ended"]]  # fmt: skip
            until = instant(min(off)) if off else evidence.now
            yield Closed(instant(edit["ended"]), until, "its number was on the do-not-call list", phone=phone)


def _disabled(evidence: Evidence) -> Iterator[Closed]:
    skills = {campaign: skill for skill, campaign in CAMPAIGNS.items()}
    for since, until, edit in _spans(evidence, "campaign", lambda body: body.get("enabled")):
        name = edit["body"]["name"]
        yield Closed(since, until, f"{name} was disabled", skill=skills[name])


def _spans(
    evidence: Evidence, kind: str, value: Callable[[Any], bool | None]
) -> Iterator[tuple[datetime, datetime, Edit]]:
    """From each acknowledged "off" to the next "on" that was asked for."""
    edits = [edit for edit in evidence.edits if edit["edit"] == kind and value(edit["body"]) is not None]
    off: Edit | None = None
    for edit in sorted(edits, key=lambda one: one["began"]):
        if value(edit["body"]):
            if off is not None:
                yield instant(off["ended"]), instant(edit["began"]), off
            off = None
        elif edit["status"] == 200:
            off = edit
    if off is not None:
        yield instant(off["ended"]), evidence.now, off


def _bulk(evidence: Evidence) -> Breaches:
    for edit in evidence.edits:
        if edit["edit"] != "bulk cancel" or edit["status"] != 202 or evidence.forgotten(edit["ended"]):
            continue
        for account in edit["answer"] or ():
            row = evidence.callbacks.get(account)
            if row is None or row.status != "cancelled":
                yield account, f"was cancelled with many, and is {row.status if row else 'gone'}"
            for key in keys_of(evidence, account):
                if any(instant(taken["at"]) > instant(edit["ended"]) for taken in evidence.taken[key]):
                    yield account, f"{key} was imported after it was cancelled with many"
