"""Whether a number may have a place: the one decision of booking and of moving. Pure.

Availability counts, and refusals offer, by the same parts: `called_party`, rules.Target and rules.BookingWindow.
`candidate` applies what the snapshot says, `admit` what the database says beside it (booking_reads.py). The write that
follows repeats every condition, so a decision by an older state takes nothing that a rule refuses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.callbacks import rules
from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.rules import Target
from shared.callbacks.schedule import ScheduledSlot
from shared.errors import Code, DomainError

# What `candidate` and `admit` refuse, in the order of the rules; `duplicate_callback` is of bookings alone. The HTTP
# services document it of each operation that books or moves.
REFUSALS = (
    Code.UNKNOWN_SKILL, Code.UNKNOWN_CAMPAIGN, Code.CAMPAIGN_NOT_AVAILABLE, Code.BOOKING_CLOSED, Code.INVALID_PHONE,
    Code.PHONE_NOT_ALLOWED, Code.DO_NOT_CALL, Code.INVALID_START, Code.START_IN_PAST, Code.OUTSIDE_BOOKING_WINDOW,
    Code.OUTSIDE_CALLING_HOURS, Code.NO_SLOT, Code.SLOT_FULL,
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
    called: CalledParty
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
    """The calling hours or rule 6 refuse; the caller adds the nearest free slots."""

    def __init__(self, code: Code, start: datetime, detail: str) -> None:
        super().__init__(code, detail)
        self.start = start


def called_party(snapshot: ConfigSnapshot, target: Target, phone: str | None, time_zone: str | None) -> CalledParty:
    """Whom the target's campaign would call: a number (E.164), a party in a stated zone, or both."""
    return CalledParty.of(target.campaign.calling_hours, snapshot.zone_of(target.pool), phone, time_zone)


def phone_hash(snapshot: ConfigSnapshot, phone: str) -> str:
    """How an erased person's do-not-call entry knows a number; empty without a key."""
    return snapshot.phone_hash.of(phone) if snapshot.phone_hash else ""


def refuse_listed(listed: bool) -> None:
    """Rule 3, the do-not-call list. Raises `do_not_call`."""
    if listed:
        raise DomainError(Code.DO_NOT_CALL, "This number is on the do-not-call list.")


def candidate(
    snapshot: ConfigSnapshot,
    skill: str,
    campaign: str | None,
    phone: str,
    start: str,
    now: datetime,
    time_zone: str | None = None,
) -> Candidate:
    """Rule 2, the brakes, rule 3 but for the do-not-call list, and the slot of the start. `time_zone`: the stated one.

    Raises their codes; not that of rule 4: whether the number may be called is told first, and the database knows.
    """
    target = rules.resolve_target(snapshot, skill, campaign)
    if not rules.takes_bookings(snapshot, target.skill):
        raise DomainError(Code.BOOKING_CLOSED, "Bookings are closed for the moment by the operator.")
    number = rules.validate_phone(snapshot.settings, phone)
    called, zone = called_party(snapshot, target, number, time_zone), snapshot.zone_of(target.pool)
    target, known_as = replace(target, called=called), phone_hash(snapshot, number)
    try:
        at = rules.parse_start(start, zone, snapshot.settings, now)
    except DomainError as refusal:
        return Candidate(target, called, zone, number, known_as, None, None, refusal)
    return Candidate(target, called, zone, number, known_as, at, target.slot_at(at), None)


def admit(snapshot: ConfigSnapshot, candidate: Candidate, state: BookingState, held: HeldPlace | None = None) -> Place:
    """The do-not-call list, then rules 4 to 6. Raises their codes (NoPlace for the calling hours and rule 6).

    A move keeps the rank of its callback among those of the number: it adds none, so rule 5 holds.
    """
    refuse_listed(state.do_not_call)
    if candidate.start is None:
        raise candidate.bad_start or ValueError("a candidate has a start or its refusal")
    rank = held.rank if held else _free_rank(state, snapshot.settings.open_callbacks_per_number)
    pool, slot, called = candidate.target.pool, candidate.slot, candidate.called
    if not called.may_be_called(candidate.start):
        raise NoPlace(Code.OUTSIDE_CALLING_HOURS, candidate.start, called.refusal(candidate.start))
    if pool is None or slot is None:
        raise NoPlace(Code.NO_SLOT, candidate.start, "There is no slot at this time.")
    own = held is not None and (held.pool_id, held.slot_start) == (pool.id, slot.start)
    if not own and (state.booked or 0) >= slot.capacity:
        raise NoPlace(Code.SLOT_FULL, candidate.start, "This slot is full.")
    return Place(pool, slot, candidate.start, rank)


def _free_rank(state: BookingState, limit: int) -> int:
    """Rule 5: the lowest rank that the number has free. Raises `duplicate_callback`."""
    rank = free_rank(state.open_ranks.values(), limit)
    if rank is None:
        own = max(state.open_ranks.keys() - state.hidden, default=None)
        advice = "Reschedule or cancel that one." if own else "It was booked elsewhere."
        raise DomainError(
            Code.DUPLICATE_CALLBACK, f"This number already has an open callback. {advice}", accountNumber=own
        )
    return rank


def free_rank(taken: Collection[int], limit: int) -> int | None:
    """The lowest rank that a number has free, or None when it has `limit` open callbacks."""
    return None if len(taken) >= limit else next(rank for rank in range(1, limit + 1) if rank not in taken)
