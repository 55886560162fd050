"""What a change of a schedule does to callbacks that are booked already (product.md, decision 8).

The change is made in its transaction, the schedule that follows from it is read there, and compared with what is
booked; a dry run then leaves without commit. So the answer is about exactly what would happen.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, Connection, select

from services.admin_api.fields import Id, Moment
from shared.callbacks.catalogue import Catalogue, Pool
from shared.callbacks.catalogue_cache import catalogue_in
from shared.db import models
from shared.db.models import Slot
from shared.web.schemas import ApiSchema


class DryRunQuery(ApiSchema):
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Change nothing; tell what the change would do"}
    )


class AffectedSlotSchema(ApiSchema):
    """A slot with more callbacks booked than it has places after the change; `capacity` 0: there is no such slot."""

    skill_id = Id(required=True)
    skill = fields.String(required=True)
    campaign_id = Id(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    start = Moment(required=True)
    time_zone = fields.String(required=True)
    booked = fields.Integer(required=True)
    capacity = fields.Integer(required=True)
    capacity_before = fields.Integer(required=True)


class EffectsSchema(ApiSchema):
    """What a change does to booked callbacks. They stay booked in any case; new ones are not taken there."""

    dry_run_only = fields.Boolean(required=True, metadata={"description": "True: nothing was changed"})
    outside = fields.Integer(required=True, metadata={"description": "Booked callbacks that fall outside every slot"})
    overcommitted = fields.Integer(
        required=True, metadata={"description": "Booked callbacks beyond the capacity of their slot"}
    )
    summary = fields.String(required=True)
    slots = fields.List(fields.Nested(AffectedSlotSchema), required=True)


def pools_of_weeks(connection: Connection, weeks: ColumnElement[bool]) -> set[int]:
    """The pools that are, or will be, assigned a weekly schedule that meets the condition."""
    query = (
        select(models.SkillSchedule.pool_id)
        .join(models.WeeklySchedule, models.WeeklySchedule.id == models.SkillSchedule.weekly_schedule_id)
        .where(weeks)
    )
    return set(connection.execute(query).scalars())


class Watched:
    """Pools of which a transaction changes the schedule: made before the change, asked after it."""

    def __init__(self, tx: Connection, pools: Iterable[int], now: datetime, *, dry_run: bool = False) -> None:
        self._tx, self._pools, self._dry_run = tx, set(pools), dry_run
        self._before = catalogue_in(tx)
        query = select(Slot.pool_id, Slot.start_at, Slot.booked).where(Slot.start_at >= now, Slot.booked > 0)
        self._booked = [row for row in tx.execute(query) if row.pool_id in self._pools] if self._pools else []

    def effects(self) -> dict[str, Any]:
        """An EffectsSchema of what the transaction has done to the schedules so far."""
        after = catalogue_in(self._tx)
        slots = []
        for row in sorted(self._booked, key=lambda row: (row.start_at, row.pool_id)):
            capacity = _capacity(after.pool_by_id.get(row.pool_id), row.start_at)
            if row.booked > capacity:
                slots.append(self._slot(after, row, capacity))
        outside = sum(slot["booked"] for slot in slots if not slot["capacity"])
        over = sum(slot["booked"] - slot["capacity"] for slot in slots if slot["capacity"])
        return {
            "dry_run_only": self._dry_run,
            "outside": outside,
            "overcommitted": over,
            "summary": _summary(outside, over),
            "slots": slots,
        }

    def _slot(self, after: Catalogue, row: Any, capacity: int) -> dict[str, Any]:
        pool = after.pool_by_id.get(row.pool_id) or self._before.pool_by_id[row.pool_id]
        campaign = after.campaign_by_id.get(pool.campaign_id) if pool.campaign_id else None
        return {
            "skill_id": pool.skill_id,
            "skill": after.skill_by_id[pool.skill_id].name,
            "campaign_id": pool.campaign_id,
            "campaign": campaign.name if campaign else None,
            "start": row.start_at.astimezone(pool.zone),
            "time_zone": pool.zone.key,
            "booked": row.booked,
            "capacity": capacity,
            "capacity_before": _capacity(self._before.pool_by_id.get(row.pool_id), row.start_at),
        }


def _capacity(pool: Pool | None, start: datetime) -> int:
    if pool is None:
        return 0
    slots = pool.day(start.astimezone(pool.zone).date()).slots
    return next((slot.capacity for slot in slots if slot.start == start), 0)


def _summary(outside: int, over: int) -> str:
    if not outside and not over:
        return "Every booked callback keeps its place."
    parts = []
    if outside:
        parts.append(f"{outside} booked callback{'s fall' if outside > 1 else ' falls'} outside")
    if over:
        parts.append(f"{over} booked callback{'s are' if over > 1 else ' is'} beyond the capacity")
    return " and ".join(parts) + ". They stay booked; no new ones are taken there."
