"""The history of each booking from the clients' requests and answers: booked, moved, cancelled."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.chaos.evidence import Evidence, instant
from tests.chaos.invariants import DUE_NOW, OVERDUE

# How long after its client gave up a request without an answer may still be carried out.
LATE = timedelta(seconds=15)
Call = dict[str, Any]


@dataclass(frozen=True)
class ClientAction:
    """A request with all its repeats. `sure`: it was acknowledged; else it may or may not have been carried out."""

    began: datetime
    ended: datetime
    sure: bool
    start: datetime | None = None

    @property
    def latest(self) -> datetime:
        return self.ended if self.sure else self.ended + LATE


@dataclass
class BookingHistory:
    """A booking and its client's requests for it. `account` is None while no answer named one."""

    n: int
    body: dict[str, Any]
    person: Any
    account: str | None = None
    books: list[Call] = field(default_factory=list)
    moves: list[ClientAction] = field(default_factory=list)  # the booking is the first
    cancels: list[ClientAction] = field(default_factory=list)

    def starts(self, since: datetime, until: datetime) -> set[datetime]:
        """The starts that may be the callback's between two instants: the last acknowledged one, and every one that
        was perhaps set after it."""
        acknowledged = [move for move in self.moves if move.sure and move.ended <= since]
        last = max(acknowledged, key=lambda move: move.ended, default=None)
        possible = [move for move in self.moves if move.began <= until and (last is None or move.latest >= last.began)]
        return {move.start for move in possible if move.start is not None}


def booking_histories(evidence: Evidence) -> dict[int, BookingHistory]:
    """The history of each booking, by its number."""
    bookings: dict[int, BookingHistory] = {}
    by_account: dict[str, BookingHistory] = {}
    for call in _of(evidence.calls, "book"):
        one = bookings.setdefault(call["n"], BookingHistory(call["n"], call["request"], call["person"]))
        one.books.append(call)
        if call["status"] in (200, 201):
            one.account = call["account"]
            by_account[call["account"]] = one
    for one in bookings.values():
        one.moves += _actions(evidence, [one.books], one.body["start"])
    for kind in ("reschedule", "cancel"):
        for calls in _grouped(_of(evidence.calls, kind)):
            booking = by_account.get(calls[0]["account"])
            if booking is not None and kind == "reschedule":
                booking.moves += _actions(evidence, [calls], calls[0]["request"]["start"])
            elif booking is not None:
                booking.cancels += _actions(evidence, [calls])
    for account, booking in by_account.items():
        booking.moves += made_late(evidence, account)
    return bookings


def made_late(evidence: Evidence, account: str) -> list[ClientAction]:
    """The moves of a callback that faults made: its start was set to hours ago, or to now."""
    return [
        ClientAction(instant(row["at"]), instant(row["at"]), True, instant(row["start"]))
        for row in evidence.faults
        if row["fault"] in (OVERDUE, DUE_NOW) and account in row.get("accounts", ())
    ]


def by_account(evidence: Evidence) -> dict[str, BookingHistory]:
    return {one.account: one for one in booking_histories(evidence).values() if one.account}


def _of(calls: Iterable[Call], op: str) -> list[Call]:
    return [call for call in calls if call["op"] == op]


def _grouped(calls: Iterable[Call]) -> list[list[Call]]:
    """The calls of each request: those with the same key; a call without a key stands alone."""
    groups: dict[Any, list[Call]] = defaultdict(list)
    for number, call in enumerate(calls):
        groups[call["key"] or number].append(call)
    return list(groups.values())


def _actions(evidence: Evidence, groups: Iterable[list[Call]], start: str | None = None) -> list[ClientAction]:
    """The requests that were or may have been carried out: those that were only refused are left out."""
    actions = []
    for calls in groups:
        done = next((call for call in calls if call["status"] is not None and call["status"] < 300), None)
        if done is None and not any(_unknown(call) for call in calls):
            continue
        ended = done["ended"] if done else max(call["ended"] for call in calls)
        began = min(call["began"] for call in calls)
        sure = done is not None and not evidence.forgotten(ended)
        actions.append(ClientAction(instant(began), instant(ended), sure, instant(start) if start else None))
    return actions


def _unknown(call: Call) -> bool:
    return call["status"] is None or call["status"] >= 500 or call["status"] == 408
