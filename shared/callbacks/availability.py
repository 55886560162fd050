"""Which slots can still be booked, and which free ones are nearest to a wish."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, select

from shared.callbacks.catalogue import Campaign, Catalogue, Day, Pool, Skill
from shared.callbacks.catalogue_cache import CatalogueCache, OutdatedCatalogue
from shared.callbacks.rules import bookable_window, known_skill, serving_campaign
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.settings import BusinessSettings
from shared.db.models import CatalogueVersion, Slot
from shared.db.session import Database, retried

ALTERNATIVES = 3

# One round trip tells both how much is booked and whether the schedule in memory is the current one.
_BOOKED = (
    select(CatalogueVersion.version, Slot.start_at, Slot.booked)
    .select_from(CatalogueVersion)
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
    start: datetime  # UTC
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
    catalogues: CatalogueCache,
    skill_name: str,
    campaign_name: str | None,
    now: datetime,
    *,
    days: int = 3,
    dates: Sequence[date] = (),
) -> Availability:
    """What can be booked on `dates` (local), or on the next `days` business days.

    Raises `unknown_skill`, `unknown_campaign`, `campaign_not_available`, Unavailable.
    """

    def decide(catalogue: Catalogue) -> Availability:
        skill = known_skill(catalogue, skill_name)
        campaign = serving_campaign(catalogue, skill, campaign_name)
        pool = catalogue.pool_of(skill, campaign)
        wanted = list(dict.fromkeys(dates))
        if pool is None:
            found = tuple(FreeDay(day, 0, ()) for day in wanted)
        else:
            wanted = wanted or _next_business_days(pool, catalogue.settings, days, now)
            bookable = _bookable_days(pool, catalogue.settings, now)
            version, booked = read_booked(database, pool, [day for day in wanted if day in bookable] or bookable[:1])
            if version != catalogue.version:
                raise OutdatedCatalogue
            found = _free_days(catalogue, pool, skill, wanted, booked, now)
        return Availability(skill, campaign, catalogue.zone_of(pool), sum(day.available for day in found), found)

    return catalogues.decide(decide)


@retried
def read_booked(database: Database, pool: Pool, days: Sequence[date]) -> tuple[int, dict[datetime, int]]:
    """The catalogue's version and the places taken by slot start (UTC), over the span of the local `days`."""
    span = {
        "pool": pool.id,
        "first": datetime.combine(min(days), time.min, pool.zone).astimezone(UTC),
        "last": datetime.combine(max(days) + timedelta(days=1), time.min, pool.zone).astimezone(UTC),
    }
    with database.reading() as connection:
        rows = connection.execute(_BOOKED, span).all()
    return rows[0].version, {row.start_at: row.booked for row in rows if row.start_at is not None}


def nearest_free(
    database: Database, catalogue: Catalogue, pool: Pool, start: datetime, now: datetime
) -> list[FreeSlot]:
    """Up to ALTERNATIVES free slots nearest to `start`, in order of time. Raises Unavailable."""
    earliest, latest = bookable_window(catalogue.settings, now)
    days = _bookable_days(pool, catalogue.settings, now)
    _, booked = read_booked(database, pool, days)
    free = (slot for day in days for slot in free_slots(pool.day(day), booked, earliest, latest) if slot.available)
    return sorted(heapq.nsmallest(ALTERNATIVES, free, key=lambda slot: abs(slot.start - start)), key=_start)


def shown(slot: FreeSlot, zone: ZoneInfo) -> dict[str, str | int]:
    """A free slot as clients see it: local time with offset."""
    return {
        "start": slot.start.astimezone(zone).isoformat(),
        "end": slot.end.astimezone(zone).isoformat(),
        "available": slot.available,
    }


def _start(slot: FreeSlot) -> datetime:
    return slot.start


def free_slots(day: Day, booked: Mapping[datetime, int], earliest: datetime, latest: datetime) -> tuple[FreeSlot, ...]:
    """The slots of a day whose start may still be booked, with the room they have (0 when full)."""
    return tuple(
        FreeSlot(slot.start, slot.end, max(0, slot.capacity - booked.get(slot.start, 0)))
        for slot in day.slots
        if earliest <= slot.start <= latest
    )


def _free_days(
    catalogue: Catalogue,
    pool: Pool,
    skill: Skill,
    wanted: Sequence[date],
    booked: Mapping[datetime, int],
    now: datetime,
) -> tuple[FreeDay, ...]:
    if not (catalogue.settings.accept_bookings and skill.accepts_bookings):
        return tuple(FreeDay(day, 0, ()) for day in wanted)
    earliest, latest = bookable_window(catalogue.settings, now)
    bookable = _bookable_days(pool, catalogue.settings, now)
    found = []
    for day in wanted:
        # Only these are expanded: a client may ask for any date, and each would stay in the snapshot's memory.
        slots = free_slots(pool.day(day), booked, earliest, latest) if day in bookable else ()
        found.append(FreeDay(day, sum(slot.available for slot in slots), slots))
    return tuple(found)


def _bookable_days(pool: Pool, settings: BusinessSettings, now: datetime) -> list[date]:
    """The local dates that the booking window touches."""
    first, last = (at.astimezone(pool.zone).date() for at in bookable_window(settings, now))
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)] or [first]


def _next_business_days(pool: Pool, settings: BusinessSettings, count: int, now: datetime) -> list[date]:
    """From today if any of its slots can still be booked, else from the next business day on."""
    earliest, latest = bookable_window(settings, now)
    today = now.astimezone(pool.zone).date()
    slots: tuple[ScheduledSlot, ...] = pool.day(today).slots
    open_today = any(earliest <= slot.start <= latest for slot in slots)
    return pool.business_days(today if open_today else today + timedelta(days=1), count)
