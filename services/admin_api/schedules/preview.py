"""The slots that result from the schedules, day by day, with what is booked in them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import fields, validate
from sqlalchemy import select

from services.admin_api.framework.fields import Day, Instant, StringId, no_default
from services.admin_api.framework.optimistic_locking import not_found
from shared.callbacks.config_snapshot import Day as DayOfSlots
from shared.callbacks.config_snapshot import Pool
from shared.callbacks.schedule import HALF_HOUR
from shared.db.models import Slot
from shared.db.session import Database, retried
from shared.web.dependencies import Dependencies
from shared.web.schemas import ApiSchema, Integer

MAX_DAYS = 62  # days


class PreviewQuery(ApiSchema):
    from_ = Day(data_key="from", load_default=no_default, metadata={"description": "Local; today when not given"})
    days = Integer(load_default=14, validate=validate.Range(1, MAX_DAYS))


class PoolPreviewQuery(PreviewQuery):
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


def of_pool(deps: Dependencies, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A PreviewSchema. Raises `not_found` for a skill (and campaign) without a schedule of its own."""
    snapshot = deps.config_cache.refreshed()
    pool = snapshot.pools.get((asked["skill_id"], asked["campaign_id"]))
    if pool is None:
        raise not_found("pool: assign a weekly schedule first")
    first = asked["from_"] or deps.now().astimezone(pool.zone).date()
    days = [first + timedelta(days=offset) for offset in range(asked["days"])]
    booked = _booked(deps.database, pool, days)
    campaign = snapshot.campaign_by_id.get(pool.campaign_id) if pool.campaign_id else None
    return {
        "skill_id": pool.skill_id,
        "skill": snapshot.skill_by_id[pool.skill_id].name,
        "campaign_id": pool.campaign_id,
        "campaign": campaign.name if campaign else None,
        "time_zone": pool.zone.key,
        "days": [_day(pool, pool.day(day, snapshot.window_of(pool)), booked) for day in days],
    }


@retried
def _booked(database: Database, pool: Pool, days: list[date]) -> dict[datetime, int]:
    first, last = _midnight(days[0], pool.zone), _midnight(days[-1] + timedelta(days=1), pool.zone)
    query = select(Slot.start_at, Slot.booked).where(
        Slot.pool_id == pool.id, Slot.start_at >= first, Slot.start_at < last, Slot.booked > 0
    )
    with database.reading() as connection:
        return {row.start_at: row.booked for row in connection.execute(query)}


def _day(pool: Pool, day: DayOfSlots, booked: dict[datetime, int]) -> dict[str, Any]:
    capacity = {slot.start: slot.capacity for slot in day.slots}
    begin, end = _midnight(day.date, pool.zone), _midnight(day.date + timedelta(days=1), pool.zone)
    starts = sorted({*capacity, *(start for start in booked if begin <= start < end)})
    slots = [
        {
            "start": start.astimezone(pool.zone),
            "end": (start + HALF_HOUR).astimezone(pool.zone),
            "capacity": capacity.get(start, 0),
            "booked": booked.get(start, 0),
            "overcommitted": booked.get(start, 0) > capacity.get(start, 0),
        }
        for start in starts
    ]
    return {
        "date": day.date,
        "capacity": sum(capacity.values()),
        "booked": sum(booked.get(start, 0) for start in starts),
        "clock_change_minutes": 24 * 60 - int((end - begin).total_seconds() // 60),
        "slots": slots,
    }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a local date, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
