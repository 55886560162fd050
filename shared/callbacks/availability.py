"""Which slots can still be booked, and which free ones are nearest to a requested start."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, select

from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Day, Pool, Skill
from shared.callbacks.resolver import NoPlace
from shared.callbacks.rules import BookingWindow, Target, resolve_target, takes_bookings
from shared.db.models import ConfigVersion, Slot
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
) -> Availability:
    """What can be booked on `dates` (local), or on the next `days` business days; each slot only with `slots`.

    Callers that ask the same at once share one answer, as of the first one's `now`: at most WAIT_SECONDS before
    theirs.
    Raises `unknown_skill`, `unknown_campaign`, `campaign_not_available`, Unavailable.
    """

    def decide(snapshot: ConfigSnapshot) -> Availability:
        target = resolve_target(snapshot, skill_name, campaign_name)
        requested = list(dict.fromkeys(dates))
        pool, window = target.pool, BookingWindow.of(snapshot.settings, now)
        if pool is None:
            free_days = tuple(FreeDay(day, 0, ()) for day in requested)
        else:
            first, last = _local_dates(window, pool.zone)
            requested = requested or _next_business_days(target, pool, window, days, now)
            span = [day for day in requested if first <= day <= last] or [first]
            version, booked = read_booked(database, pool, span)
            if version != snapshot.version:
                raise StaleSnapshot
            opened = takes_bookings(snapshot, target.skill)
            # Only these are expanded: a client may ask for any date, and each would stay in the snapshot's memory.
            free_days = tuple(
                _free_day(pool.day(day, target.campaign.window), booked, window, slots)
                if opened and first <= day <= last
                else FreeDay(day, 0, ())
                for day in requested
            )
        available = sum(day.available for day in free_days)
        return Availability(target.skill, target.campaign, snapshot.zone_of(pool), available, free_days)

    question = (skill_name, campaign_name, days, tuple(dates), slots)
    answer: Availability = config_cache.answers.read(question, lambda: config_cache.retry_if_stale(decide))
    return answer


@retried
def read_booked(database: Database, pool: Pool, days: Sequence[date]) -> tuple[int, dict[datetime, int]]:
    """The snapshot's version and the places taken by slot start (UTC), over the span of the local `days`."""
    span = {
        "pool": pool.id,
        "first": datetime.combine(min(days), time.min, pool.zone).astimezone(UTC),
        "last": datetime.combine(max(days) + timedelta(days=1), time.min, pool.zone).astimezone(UTC),
    }
    with database.reading() as connection:
        rows = connection.execute(_BOOKED, span).all()
    return rows[0].version, {row.start_at: row.booked for row in rows if row.start_at is not None}


def alternatives_to(
    database: Database, snapshot: ConfigSnapshot, target: Target, refusal: NoPlace, now: datetime
) -> DomainError:
    """The refusal of rule 6 with up to MAX_ALTERNATIVES free slots nearest to its start, as availability shows them."""
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
    _, booked = read_booked(database, pool, days or [first])
    free = (slot for day in days for slot in free_slots(pool.day(day, target.campaign.window), booked, window))
    roomy = (slot for slot in free if slot.available)
    return sorted(heapq.nsmallest(MAX_ALTERNATIVES, roomy, key=lambda slot: abs(slot.start - start)), key=_start)


def free_starts(
    database: Database, snapshot: ConfigSnapshot, target: Target, after: datetime, now: datetime
) -> Iterator[datetime]:
    """The first bookable minute of each free slot that begins at `after` (UTC) or later, soonest first."""
    pool = target.pool
    if pool is None:
        return
    window = BookingWindow.of(snapshot.settings, now)
    first, last = _local_dates(window, pool.zone)
    first = max(first, after.astimezone(pool.zone).date())
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        slots = pool.day(day, target.campaign.window)
        if slots.slots:
            _, booked = read_booked(database, pool, [day])
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
    open_today = pool.day(today, target.campaign.window).capacity(window.earliest, window.latest) > 0
    first = today if open_today else today + timedelta(days=1)
    return pool.business_days(first, count, target.campaign.window)
