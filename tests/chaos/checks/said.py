"""What the clients were told, by their histories: who booked what, where it was moved to, what ended it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.chaos.evidence import Evidence, instant
from tests.chaos.invariants import DUE_NOW, OVERDUE

# A request whose answer its client did not get may still be carried out so long after the client gave up.
LATE = timedelta(seconds=15)
Call = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One thing asked for, with all its repeats. `sure`: it was acknowledged; else nobody knows whether it was done."""

    began: datetime
    ended: datetime
    sure: bool
    start: datetime | None = None

    @property
    def latest(self) -> datetime:
        return self.ended if self.sure else self.ended + LATE


@dataclass
class Said:
    """An order and what its client asked of it. `account` is None while no answer named one."""

    n: int
    body: dict[str, Any]
    person: Any
    account: str | None = None
    books: list[Call] = field(default_factory=list)
    moves: list[Act] = field(default_factory=list)  # the booking is the first
    cancels: list[Act] = field(default_factory=list)

    def starts(self, since: datetime, until: datetime) -> set[datetime]:
        """The starts that may be the callback's between two instants: the last acknowledged one, and every one that
        was perhaps set after it."""
        acknowledged = [move for move in self.moves if move.sure and move.ended <= since]
        last = max(acknowledged, key=lambda move: move.ended, default=None)
        possible = [move for move in self.moves if move.began <= until and (last is None or move.latest >= last.began)]
        return {move.start for move in possible if move.start is not None}


def said(found: Evidence) -> dict[int, Said]:
    """By the order's number."""
    orders: dict[int, Said] = {}
    by_account: dict[str, Said] = {}
    for call in _of(found.calls, "book"):
        one = orders.setdefault(call["n"], Said(call["n"], call["request"], call["person"]))
        one.books.append(call)
        if call["status"] in (200, 201):
            one.account = call["account"]
            by_account[call["account"]] = one
    for one in orders.values():
        one.moves += _acts(found, [one.books], one.body["start"])
    for kind in ("reschedule", "cancel"):
        for calls in _grouped(_of(found.calls, kind)):
            order = by_account.get(calls[0]["account"])
            if order is not None and kind == "reschedule":
                order.moves += _acts(found, [calls], calls[0]["request"]["start"])
            elif order is not None:
                order.cancels += _acts(found, [calls])
    for account, order in by_account.items():
        order.moves += made_late(found, account)
    return orders


def made_late(found: Evidence, account: str) -> list[Act]:
    """What a fault did to a callback: its start was hours ago, or now, from then on."""
    return [
        Act(instant(row["at"]), instant(row["at"]), True, instant(row["start"]))
        for row in found.faults
        if row["fault"] in (OVERDUE, DUE_NOW) and account in row.get("accounts", ())
    ]


def by_account(found: Evidence) -> dict[str, Said]:
    return {one.account: one for one in said(found).values() if one.account}


def _of(calls: Iterable[Call], op: str) -> list[Call]:
    return [call for call in calls if call["op"] == op]


def _grouped(calls: Iterable[Call]) -> list[list[Call]]:
    """Calls of one act: those with one key; without a key each is one of its own."""
    groups: dict[Any, list[Call]] = defaultdict(list)
    for number, call in enumerate(calls):
        groups[call["key"] or number].append(call)
    return list(groups.values())


def _acts(found: Evidence, groups: Iterable[list[Call]], start: str | None = None) -> list[Act]:
    """The acts that were done or may have been: what was only ever refused was not, and what was done may be lost."""
    acts = []
    for calls in groups:
        done = next((call for call in calls if call["status"] is not None and call["status"] < 300), None)
        if done is None and not any(_unknown(call) for call in calls):
            continue
        ended = done["ended"] if done else max(call["ended"] for call in calls)
        began = min(call["began"] for call in calls)
        sure = done is not None and not found.forgotten(ended)
        acts.append(Act(instant(began), instant(ended), sure, instant(start) if start else None))
    return acts


def _unknown(call: Call) -> bool:
    return call["status"] is None or call["status"] >= 500 or call["status"] == 408
