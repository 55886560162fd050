"""Whether a number may have a place: the one decision of booking and of moving. Pure.

Availability counts, and refusals offer, by the same parts: rules.Target, rules.BookingWindow and snapshot.Pool.day.
`candidate` applies what the snapshot says, `admit` what the database says beside it (booking_reads.py). The write that
follows repeats every condition, so a decision by an older state takes nothing that a rule refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.callbacks import rules
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.rules import Target
from shared.callbacks.schedule import ScheduledSlot
from shared.errors import Code, DomainError

# What `candidate` and `admit` refuse, in the order of the rules; `duplicate_callback` is of bookings alone. The HTTP
# services document it of each operation that books or moves.
REFUSALS = (
    Code.UNKNOWN_SKILL, Code.UNKNOWN_CAMPAIGN, Code.CAMPAIGN_NOT_AVAILABLE, Code.BOOKING_CLOSED, Code.INVALID_PHONE,
    Code.PHONE_NOT_ALLOWED, Code.DO_NOT_CALL, Code.INVALID_START, Code.START_IN_PAST, Code.OUTSIDE_BOOKING_WINDOW,
    Code.NO_SLOT, Code.SLOT_FULL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BookingState:
    """What the database says. `booked` is None while the slot has no row; `open_ranks` maps the number's open callbacks
    to their ranks, and of these the caller does not see the `hidden` ones."""

    version: int
    booked: int | None
    do_not_call: bool
    open_ranks: Mapping[str, int]
    hidden: frozenset[str] = frozenset()

    def without(self, account_number: str) -> "BookingState":
        """The same for a callback that follows this one, which ends when its place is taken (rule 5)."""
        left = {number: rank for number, rank in self.open_ranks.items() if number != account_number}
        return replace(self, open_ranks=left)


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """The place of the callback that is to be moved: its own, which it need not win again."""

    pool_id: int
    slot_start: datetime
    rank: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the number may have: what is left is to take it."""

    pool: Pool
    slot: ScheduledSlot
    start: datetime
    rank: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that rules 2 and 3 allow, as far as the snapshot knows. `start` is None where rule 4 refuses.

    `phone_hash` is how an erased person's do-not-call entry knows the number; empty without a key.
    """

    target: Target
    zone: ZoneInfo
    phone: str
    phone_hash: str
    start: datetime | None
    slot: ScheduledSlot | None
    bad_start: DomainError | None

    def optimistic_place(self) -> Place | None:
        """The place, if the database has nothing against it: nearly every request can be granted."""
        if self.start is None or self.slot is None or self.target.pool is None:
            return None
        return Place(self.target.pool, self.slot, self.start, rank=1)


class NoPlace(DomainError):
    """Rule 6 refuses; the caller adds the nearest free slots."""

    def __init__(self, code: Code, start: datetime) -> None:
        super().__init__(code, "There is no slot at this time." if code is Code.NO_SLOT else "This slot is full.")
        self.start = start


def candidate(
    snapshot: ConfigSnapshot, skill: str, campaign: str | None, phone: str, start: str, now: datetime
) -> Candidate:
    """Rule 2, the brakes, rule 3 but for the do-not-call list, and the slot of the start.

    Raises their codes; not that of rule 4: whether the number may be called is told first, and the database knows.
    """
    target = rules.resolve_target(snapshot, skill, campaign)
    if not rules.takes_bookings(snapshot, target.skill):
        raise DomainError(Code.BOOKING_CLOSED, "Bookings are closed for the moment by the operator.")
    number = rules.validate_phone(snapshot.settings, phone)
    phone_hash = snapshot.phone_hash.of(number) if snapshot.phone_hash else ""
    zone = snapshot.zone_of(target.pool)
    try:
        at = rules.parse_start(start, zone, snapshot.settings, now)
    except DomainError as refusal:
        return Candidate(target, zone, number, phone_hash, None, None, refusal)
    return Candidate(target, zone, number, phone_hash, at, target.slot_at(at), None)


def admit(snapshot: ConfigSnapshot, candidate: Candidate, state: BookingState, held: HeldPlace | None = None) -> Place:
    """The do-not-call list, then rules 4 to 6. Raises their codes (NoPlace for rule 6).

    A move keeps the rank of its callback among those of the number: it adds none, so rule 5 holds.
    """
    if state.do_not_call:
        raise DomainError(Code.DO_NOT_CALL, "This number is on the do-not-call list.")
    if candidate.start is None:
        raise candidate.bad_start or ValueError("a candidate has a start or its refusal")
    rank = held.rank if held else _free_rank(state, snapshot.settings.open_callbacks_per_number)
    pool, slot = candidate.target.pool, candidate.slot
    if pool is None or slot is None:
        raise NoPlace(Code.NO_SLOT, candidate.start)
    own = held is not None and (held.pool_id, held.slot_start) == (pool.id, slot.start)
    if not own and (state.booked or 0) >= slot.capacity:
        raise NoPlace(Code.SLOT_FULL, candidate.start)
    return Place(pool, slot, candidate.start, rank)


def _free_rank(state: BookingState, limit: int) -> int:
    """Rule 5: the lowest rank that the number has free. Raises `duplicate_callback`."""
    if len(state.open_ranks) >= limit:
        own = max(state.open_ranks.keys() - state.hidden, default=None)
        advice = "Reschedule or cancel that one." if own else "It was booked elsewhere."
        raise DomainError(
            Code.DUPLICATE_CALLBACK, f"This number already has an open callback. {advice}", accountNumber=own
        )
    return next(rank for rank in range(1, limit + 1) if rank not in state.open_ranks.values())
