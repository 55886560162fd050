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
    slots: bool = False,
) -> Availability:
    """What can be booked on `dates` (local), or on the next `days` business days; each slot only with `slots`.

    All who ask the same at once get one answer, as of `now` of the first of them: at most PATIENCE before theirs.
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
            window = _Window.of(pool, catalogue.settings, now)
            wanted = wanted or _next_business_days(pool, window, days, now)
            span = [day for day in wanted if day in window] or [window.first]
            version, booked = read_booked(database, pool, span)
            if version != catalogue.version:
                raise OutdatedCatalogue
            opened = catalogue.settings.accept_bookings and skill.accepts_bookings
            # Only these are expanded: a client may ask for any date, and each would stay in the snapshot's memory.
            found = tuple(
                _free_day(pool.day(day), booked, window, slots) if opened and day in window else FreeDay(day, 0, ())
                for day in wanted
            )
        return Availability(skill, campaign, catalogue.zone_of(pool), sum(day.available for day in found), found)

    question = (skill_name, campaign_name, days, tuple(dates), slots)
    found: Availability = catalogues.answers.read(question, lambda: catalogues.decide(decide))
    return found


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
    window = _Window.of(pool, catalogue.settings, now)
    days = [window.first + timedelta(days=offset) for offset in range((window.last - window.first).days + 1)]
    _, booked = read_booked(database, pool, days or [window.first])
    free = (slot for day in days for slot in free_slots(pool.day(day), booked, window.earliest, window.latest))
    roomy = (slot for slot in free if slot.available)
    return sorted(heapq.nsmallest(ALTERNATIVES, roomy, key=lambda slot: abs(slot.start - start)), key=_start)


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


def _free_day(day: Day, booked: Mapping[datetime, int], window: "_Window", slots: bool) -> FreeDay:
    """A day's room. Without its slots, on the hot path, the capacity less what is booked will do."""
    earliest, latest = window.earliest, window.latest
    if slots:
        free = free_slots(day, booked, earliest, latest)
        return FreeDay(day.date, sum(slot.available for slot in free), free)
    taken = sum(
        min(count, day.capacities.get(start, 0)) for start, count in booked.items() if earliest <= start <= latest
    )
    return FreeDay(day.date, day.capacity(earliest, latest) - taken, ())


@dataclass(frozen=True, slots=True)
class _Window:
    """The instants that may be booked, and the local dates they touch."""

    earliest: datetime
    latest: datetime
    first: date
    last: date

    @classmethod
    def of(cls, pool: Pool, settings: BusinessSettings, now: datetime) -> "_Window":
        earliest, latest = bookable_window(settings, now)
        return cls(earliest, latest, earliest.astimezone(pool.zone).date(), latest.astimezone(pool.zone).date())

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def _next_business_days(pool: Pool, window: _Window, count: int, now: datetime) -> list[date]:
    """From today if any of its slots can still be booked, else from the next business day on."""
    today = now.astimezone(pool.zone).date()
    open_today = pool.day(today).capacity(window.earliest, window.latest) > 0
    return pool.business_days(today if open_today else today + timedelta(days=1), count)
