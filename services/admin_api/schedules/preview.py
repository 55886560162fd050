"""The slots that result from the schedules, day by day, with what is booked in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from marshmallow import fields, validate
from sqlalchemy import select

from services.admin_api.framework.fields import DataclassSchema, Day, Instant, StringId, no_default
from services.admin_api.framework.optimistic_locking import not_found
from services.admin_api.identity.scope import Scope
from shared.callbacks.config_snapshot import Day as DayOfSlots
from shared.callbacks.config_snapshot import Pool
from shared.callbacks.schedule import HALF_HOUR
from shared.db.models import Slot
from shared.db.session import Database, retried
from shared.web.dependencies import Dependencies
from shared.web.schemas import ApiSchema, Integer

MAX_DAYS = 62


@dataclass(frozen=True)
class PreviewSpan:
    """Which days: from a local date (today when None) on."""

    from_: date | None
    days: int


@dataclass(frozen=True)
class PoolPreviewSpan(PreviewSpan):
    """The same, with the pool's skill and, where it has its own, campaign."""

    skill_id: int
    campaign_id: int | None


class PreviewQuery(DataclassSchema):
    loads: ClassVar[type[Any]] = PreviewSpan
    from_ = Day(data_key="from", load_default=no_default, metadata={"description": "Local; today when not given"})
    days = Integer(load_default=14, validate=validate.Range(1, MAX_DAYS))


class PoolPreviewQuery(PreviewQuery):
    loads = PoolPreviewSpan
    skill_id = StringId(required=True)
    campaign_id = StringId(load_default=no_default)


class PreviewSlotSchema(ApiSchema):
    start = Instant(required=True)
    end = Instant(required=True)
    capacity = fields.Integer(required=True, metadata={"description": "0: booked before the schedule changed"})
    booked = fields.Integer(required=True)
    overcommitted = fields.Boolean(required=True)


class PreviewDaySchema(ApiSchema):
    date = fields.Date(required=True)
    capacity = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    clock_change_minutes = fields.Integer(
        required=True, metadata={"description": "60 on the day the clocks go forward, -60 on the day back, else 0"}
    )
    slots = fields.List(fields.Nested(PreviewSlotSchema), required=True)


class PreviewSchema(ApiSchema):
    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    campaign_id = StringId(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    time_zone = fields.String(required=True)
    days = fields.List(fields.Nested(PreviewDaySchema), required=True)


@dataclass(frozen=True, slots=True)
class PreviewSlot:
    """A PreviewSlotSchema."""

    start: datetime
    end: datetime
    capacity: int
    booked: int

    @property
    def overcommitted(self) -> bool:
        """Whether more are booked than there are places now."""
        return self.booked > self.capacity


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """A PreviewDaySchema."""

    date: date
    clock_change_minutes: int
    slots: Sequence[PreviewSlot]

    @property
    def capacity(self) -> int:
        """Of the whole day."""
        return sum(slot.capacity for slot in self.slots)

    @property
    def booked(self) -> int:
        """Of the whole day."""
        return sum(slot.booked for slot in self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPreview:
    """A PreviewSchema."""

    skill_id: int
    skill: str
    campaign_id: int | None
    campaign: str | None
    time_zone: str
    days: Sequence[PreviewDay]


def preview_pool(
    deps: Dependencies, skill_id: int, campaign_id: int | None, scope: Scope, span: PreviewSpan
) -> SlotPreview:
    """The slots of a pool. Raises `not_found` for a skill (and campaign) without a schedule of its own, or that the
    person does not see."""
    snapshot = deps.config_cache.reload()
    pool = snapshot.pools.get((skill_id, campaign_id))
    if pool is None or not scope.includes([skill_id]):
        raise not_found("pool: assign a weekly schedule first")
    first = span.from_ or deps.now().astimezone(pool.zone).date()
    days = [first + timedelta(days=offset) for offset in range(span.days)]
    booked = _booked(deps.database, pool, days)
    campaign = snapshot.campaign_by_id.get(pool.campaign_id) if pool.campaign_id else None
    return SlotPreview(
        skill_id=pool.skill_id,
        skill=snapshot.skill_by_id[pool.skill_id].name,
        campaign_id=pool.campaign_id,
        campaign=campaign.name if campaign else None,
        time_zone=pool.zone.key,
        days=[_day(pool, pool.day(day, snapshot.window_of(pool)), booked) for day in days],
    )


@retried
def _booked(database: Database, pool: Pool, days: list[date]) -> dict[datetime, int]:
    first, last = _midnight(days[0], pool.zone), _midnight(days[-1] + timedelta(days=1), pool.zone)
    statement = select(Slot.start_at, Slot.booked).where(
        Slot.pool_id == pool.id, Slot.start_at >= first, Slot.start_at < last, Slot.booked > 0
    )
    with database.reading() as connection:
        return {row.start_at: row.booked for row in connection.execute(statement)}


def _day(pool: Pool, day: DayOfSlots, booked: dict[datetime, int]) -> PreviewDay:
    capacity = {slot.start: slot.capacity for slot in day.slots}
    begin, end = _midnight(day.date, pool.zone), _midnight(day.date + timedelta(days=1), pool.zone)
    starts = sorted({*capacity, *(start for start in booked if begin <= start < end)})
    slots = [
        PreviewSlot(
            start.astimezone(pool.zone),
            (start + HALF_HOUR).astimezone(pool.zone),
            capacity.get(start, 0),
            booked.get(start, 0),
        )
        for start in starts
    ]
    return PreviewDay(day.date, 24 * 60 - int((end - begin).total_seconds() // 60), slots)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a local date, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
