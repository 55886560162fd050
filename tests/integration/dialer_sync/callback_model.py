"""The expected state of callbacks after any sequence of acts: a simple model to compare the product with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.integration.dialer_sync import steps_by_hand as steps
from tests.support.configured_database import NOW

PHONES = tuple(f"+1312555014{digit}" for digit in range(3))
SLOTS = tuple(NOW + timedelta(hours=2 + i) for i in range(2))
HALF_HOUR = timedelta(minutes=30)
WINDOW = timedelta(minutes=30 + steps.EXPIRE_MINUTES)
RETRY = timedelta(minutes=5)
LIMIT, CAPACITY, ATTEMPTS = 2, 2, 2
OPEN = {"scheduled", "importing", "imported"}
CODES = {"answered": 10, "busy": 9, "invalid": 7}


@dataclass
class Expected:
    """The expected state of a callback. `in_ucce` and `dialled` are true of its latest contact in UCCE, whether or not
    the master has read that.
    """

    phone: str
    slot: datetime
    due: datetime
    status: str = "scheduled"
    attempts: int = 0
    in_ucce: bool = False
    dialled: str | None = None


@dataclass
class Model:
    """The expected state of all callbacks."""

    capacity: int = CAPACITY
    held: dict[str, Expected] = field(default_factory=dict)

    def room(self, slot: datetime) -> bool:
        return sum(1 for one in self.held.values() if one.slot == slot and one.status != "cancelled") < self.capacity

    def may_book(self, phone: str, slot: datetime) -> str:
        if sum(1 for one in self.held.values() if one.phone == phone and one.status in OPEN) >= LIMIT:
            return "duplicate_callback"
        return "done" if self.room(slot) else "slot_full"

    def of_client(self, what: str, number: str, slot: datetime, minute: int, choice: int) -> str:
        if what == "capacity":
            self.capacity = 1 + choice % 3
        elif what == "bulk":
            for one in self.held.values():
                if one.status == "scheduled" and one.slot == slot:
                    one.status = "cancelled"
        elif number:
            ended: str = getattr(self, what)(self.held[number], slot, slot + timedelta(minutes=minute))
            return ended
        return "done"

    def cancel(self, one: Expected, *_: object) -> str:
        if one.status not in ("scheduled", "cancelled"):
            return "not_cancellable"
        one.status = "cancelled"
        return "done"

    def move(self, one: Expected, slot: datetime, start: datetime) -> str:
        if one.status != "scheduled":
            return "not_reschedulable"
        if one.slot != slot and not self.room(slot):
            return "slot_full"
        one.slot, one.due = slot, start
        return "done"

    def dispatch(self, one: Expected, *_: object) -> str:
        if one.status != "scheduled":
            return "not_dispatchable"
        one.due = min(one.due, NOW)
        return "done"

    def of_master(self, what: str, now: datetime) -> None:
        for one in self.held.values():
            due, over = one.status == "scheduled" and one.due <= now, one.slot <= now - WINDOW
            if what in ("hand_over", "unanswered", "claim") and due and not over:
                one.attempts += 1
                one.in_ucce, one.dialled = what != "claim", None
                one.status = "imported" if what == "hand_over" else "importing"
            elif what == "settle" and one.status == "importing":
                one.status = "imported" if one.in_ucce else "scheduled"
                one.attempts -= 0 if one.in_ucce else 1
            elif what == "expire" and due and over:
                one.status = "expired"
            elif what == "do_not_call" and due and one.phone in PHONES[:2]:
                one.status = "cancelled"
            elif what in CODES and one.in_ucce:
                one.dialled = one.dialled or what
                if one.status == "imported":
                    self.result(one, now + timedelta(seconds=5))

    def result(self, one: Expected, now: datetime) -> None:
        if one.dialled == "answered":
            one.status = "completed"
        elif one.dialled == "invalid" or one.attempts >= ATTEMPTS or now + RETRY >= one.slot + WINDOW:
            one.status = "failed"
        else:
            one.status, one.due, one.in_ucce = "scheduled", now + RETRY, False
