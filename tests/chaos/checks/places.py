"""The number of callbacks in a slot, and of open callbacks of a number, counted from the callbacks' rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos.client_requests import OPEN_LIMIT
from tests.chaos.evidence import Evidence
from tests.chaos.system_under_test import ROOMY, SCARCE

Breaches = Iterator[tuple[str | None, str]]
_OPEN = ("scheduled", "importing", "imported")


def counted(evidence: Evidence) -> Breaches:
    """No slot above its capacity; `booked` is the number of its callbacks that are not cancelled."""
    numbers = Counter((row.pool_id, row.slot_start) for row in evidence.callbacks.values() if row.status != "cancelled")
    for slot in evidence.slots:
        number = numbers.pop((slot.pool_id, slot.start_at), 0)
        where = f"slot {slot.start_at.isoformat()} of pool {slot.pool_id}"
        if slot.booked != number:
            yield None, f"{where} counts {slot.booked} and has {number}"
        if slot.capacity not in (0, ROOMY, *SCARCE):  # 0: no slot of the schedule, a fault put callbacks there
            yield None, f"{where} has a capacity of {slot.capacity}"
        elif number > (max(SCARCE) if slot.capacity in SCARCE else ROOMY):
            yield None, f"{where} has {number} of {slot.capacity}"
    for (pool, start), number in numbers.items():
        yield None, f"slot {start} of pool {pool} does not exist and has {number}"


def open_at_once(evidence: Evidence) -> Breaches:
    """At no moment had a number more open callbacks than are allowed."""
    steps = defaultdict(list)
    for account, events in evidence.events.items():
        row = evidence.callbacks.get(account)
        if row is None:
            continue
        for event in events:
            was, is_now = event.from_status in _OPEN, event.to_status in _OPEN
            if was != is_now:
                steps[row.phone].append((event.id, 1 if is_now else -1))
    for phone, changes in steps.items():
        number = 0
        for _, change in sorted(changes):
            number += change
            if number > OPEN_LIMIT and phone != "removed":
                yield None, f"a number had {number} open callbacks at a time"
                break
