"""Which slots can still be booked, and which free ones are nearest to a requested start."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, select

from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Day, Pool, Skill
from shared.callbacks.resolver import NoPlace, called_party, phone_hash, refuse_listed
from shared.callbacks.rules import BookingWindow, Target, resolve_target, takes_bookings, validate_phone
from shared.db.models import ConfigVersion, DoNotCall, ErasedDoNotCall, Slot
from shared.db.session import Database, retried
from shared.errors import DomainError

MAX_ALTERNATIVES = 3

# One round trip tells both how much is booked and whether the schedule in memory is the current one.
_BOOKED = (
    select(ConfigVersion.version, Slot.start_at, Slot.booked)
    .select_from(ConfigVersion)
    .outerjoin(
        Slot,
        and_(
            Slot.pool_id == bindparam("pool"),
            Slot.start_at >= bindparam("first"),
            Slot.start_at < bindparam("last"),
            Slot.booked > 0,
        ),
    )
)
# Of a number besides: whether it stands on the do-not-call list.
_BOOKED_AND_LISTED = (
    _BOOKED.add_columns(func.coalesce(DoNotCall.phone, ErasedDoNotCall.phone_hash).label("listed"))
    .outerjoin(DoNotCall, DoNotCall.phone == bindparam("phone"))
    .outerjoin(ErasedDoNotCall, ErasedDoNotCall.phone_hash == bindparam("phone_hash"))
)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """The part of a slot that can still be booked: from its first such minute to the end of the last one (UTC)."""

    start: datetime
    end: datetime
    available: int


@dataclass(frozen=True, slots=True)
class FreeDay:
    date: date
    available: int
    slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    skill: Skill
    campaign: Campaign
    zone: ZoneInfo
    customer_zone: ZoneInfo | None  # of the number or as stated; None when neither was asked about
    available: int
    days: tuple[FreeDay, ...]


def availability(
    database: Database,
    config_cache: ConfigCache,
    skill_name: str,
    campaign_name: str | None,
    now: datetime,
    *,
    days: int = 3,
    dates: Sequence[date] = (),
    slots: bool = False,
    phone: str | None = None,
    time_zone: str | None = None,
) -> Availability:
    """What can be booked on `dates` (local), or on the next `days` business days; each slot only with `slots`.

    With a `phone` or a `time_zone` (IANA) only what this number, or a party in this zone, can book: both refuse and
    bound as they do a booking. An open callback of the number does not matter: it may be moved.

    Callers that ask the same at once share one answer, as of the first one's `now`: at most WAIT_SECONDS before
    theirs.
    Raises `unknown_skill`, `unknown_campaign`, `campaign_not_available`, of a phone `invalid_phone`,
    `phone_not_allowed` and `do_not_call`, Unavailable.
    """

    def decide(snapshot: ConfigSnapshot) -> Availability:
        target = resolve_target(snapshot, skill_name, campaign_name)
        number = None if phone is None else validate_phone(snapshot.settings, phone)
        if number is not None or time_zone is not None:
            target = replace(target, called=called_party(snapshot, target, number, time_zone))
        requested = list(dict.fromkeys(dates))
        pool, window = target.pool, BookingWindow.of(snapshot.settings, now)
        if pool is None:
            free_days = tuple(FreeDay(day, 0, ()) for day in requested)
        else:
            first, last = _local_dates(window, pool.zone)
            requested = requested or _next_business_days(target, pool, window, days, now)
            span = [day for day in requested if first <= day <= last] or [first]
            version, booked, listed = read_booked(database, snapshot, pool, span, number)
            if version != snapshot.version:
                raise StaleSnapshot
            refuse_listed(listed)
            opened = takes_bookings(snapshot, target.skill)
            # Only these are expanded: a client may ask for any date, and each would stay in the snapshot's memory.
            free_days = tuple(
                _free_day(target.day_of(pool, day), booked, window, slots)
                if opened and first <= day <= last
                else FreeDay(day, 0, ())
                for day in requested
            )
        available = sum(day.available for day in free_days)
        customer_zone = target.called.zone if target.called else None
        return Availability(target.skill, target.campaign, snapshot.zone_of(pool), customer_zone, available, free_days)

    question = (skill_name, campaign_name, days, tuple(dates), slots, phone, time_zone)
    answer: Availability = config_cache.answers.read(question, lambda: config_cache.retry_if_stale(decide))
    return answer


@retried
def read_booked(
    database: Database, snapshot: ConfigSnapshot, pool: Pool, days: Sequence[date], number: str | None = None
) -> tuple[int, dict[datetime, int], bool]:
    """The snapshot's version, the places taken by slot start (UTC), over the span of the local `days`, and whether the
    `number` is on the do-not-call list."""
    span: dict[str, Any] = {
        "pool": pool.id,
        "first": datetime.combine(min(days), time.min, pool.zone).astimezone(UTC),
        "last": datetime.combine(max(days) + timedelta(days=1), time.min, pool.zone).astimezone(UTC),
    }
    if number is not None:
        span |= {"phone": number, "phone_hash": phone_hash(snapshot, number)}
    with database.reading() as connection:
        rows = connection.execute(_BOOKED if number is None else _BOOKED_AND_LISTED, span).all()
    listed = number is not None and rows[0].listed is not None
    return rows[0].version, {row.start_at: row.booked for row in rows if row.start_at is not None}, listed


def alternatives_to(
    database: Database, snapshot: ConfigSnapshot, target: Target, refusal: NoPlace, now: datetime
) -> DomainError:
    """The refusal with up to MAX_ALTERNATIVES free slots nearest to its start, as availability shows them."""
    free = _nearest_free(database, snapshot, target, refusal.start, now)
    hint = " See alternatives." if free else " There is no free slot within the booking window."
    zone = snapshot.zone_of(target.pool)
    return DomainError(
        refusal.code, refusal.detail + hint, alternatives=[serialise_availability(slot, zone) for slot in free]
    )


def _nearest_free(
    database: Database, snapshot: ConfigSnapshot, target: Target, start: datetime, now: datetime
) -> list[FreeSlot]:
    pool = target.pool
    if pool is None:
        return []
    window = BookingWindow.of(snapshot.settings, now)
    first, last = _local_dates(window, pool.zone)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    _, booked, _ = read_booked(database, snapshot, pool, days or [first])
    free = (slot for day in days for slot in free_slots(target.day_of(pool, day), booked, window))
    roomy = (slot for slot in free if slot.available)
    return sorted(heapq.nsmallest(MAX_ALTERNATIVES, roomy, key=lambda slot: abs(slot.start - start)), key=_start)


def free_starts(
    database: Database, snapshot: ConfigSnapshot, target: Target, after: datetime, now: datetime
) -> Iterator[datetime]:
    """The first bookable minute of each free slot that begins at `after` (UTC) or later, soonest first. Raises
    StaleSnapshot."""
    pool = target.pool
    if pool is None:
        return
    window = BookingWindow.of(snapshot.settings, now)
    first, last = _local_dates(window, pool.zone)
    first = max(first, after.astimezone(pool.zone).date())
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        slots = target.day_of(pool, day)
        if slots.slots:
            version, booked, _ = read_booked(database, snapshot, pool, [day])
            if version != snapshot.version:
                raise StaleSnapshot
            yield from (
                slot.start for slot in free_slots(slots, booked, window) if slot.available and slot.start >= after
            )


def serialise_availability(slot: FreeSlot, zone: ZoneInfo) -> dict[str, str | int]:
    """A free slot as clients see it: local time with offset."""
    return {
        "start": slot.start.astimezone(zone).isoformat(),
        "end": slot.end.astimezone(zone).isoformat(),
        "available": slot.available,
    }


def _start(slot: FreeSlot) -> datetime:
    return slot.start


def free_slots(day: Day, booked: Mapping[datetime, int], window: BookingWindow) -> tuple[FreeSlot, ...]:
    """The slots of a day that can still be booked, with the room they have (0 when full)."""
    return tuple(
        FreeSlot(*minutes, max(0, slot.capacity - booked.get(slot.start, 0)))
        for slot in day.slots
        if (minutes := window.bookable(slot))
    )


def _free_day(day: Day, booked: Mapping[datetime, int], window: BookingWindow, slots: bool) -> FreeDay:
    """A day's room. Without its slots, on the hot path, the capacity less what is booked will do."""
    if slots:
        free = free_slots(day, booked, window)
        return FreeDay(day.date, sum(slot.available for slot in free), free)
    taken = sum(
        min(count, slot.capacity)
        for start, count in booked.items()
        if (slot := day.by_start.get(start)) and window.bookable(slot)
    )
    return FreeDay(day.date, day.capacity(window.earliest, window.latest) - taken, ())


def _local_dates(window: BookingWindow, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last local date that may be booked."""
    return window.earliest.astimezone(zone).date(), window.latest.astimezone(zone).date()


def _next_business_days(target: Target, pool: Pool, window: BookingWindow, count: int, now: datetime) -> list[date]:
    """From today if any of its slots can still be booked, else from the next business day on."""
    today = now.astimezone(pool.zone).date()
    open_today = target.day_of(pool, today).capacity(window.earliest, window.latest) > 0
    first = today if open_today else today + timedelta(days=1)
    return pool.business_days(first, count, target.campaign.window)
