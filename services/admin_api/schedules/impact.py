"""What a change of a schedule, or of a campaign's window or calling hours, does to callbacks that are booked already
(services/README.md, decisions 8 and 14), and to the slots of the coming days.

The change is made in its transaction, the schedule that follows from it is read there, and compared with what is
booked; a dry run then leaves without commit. So the answer is about exactly what would happen.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, jsonify
from marshmallow import fields
from sqlalchemy import ColumnElement, Connection, select

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, Instant, StringId
from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.config_cache import read_snapshot
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.states import Status
from shared.callbacks.window_overlap import DAYS, Overlap, overlap
from shared.db import models
from shared.db.models import Callback, Slot
from shared.web.schemas import ApiSchema


@dataclass(frozen=True, slots=True)
class DryRun:
    """`dry_run`: tell what the change would do, and change nothing."""

    dry_run: bool


class DryRunQuery(DataclassSchema):
    loads = DryRun
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Change nothing; tell what the change would do"}
    )


class AffectedSlotSchema(ApiSchema):
    """A slot with more callbacks booked than it has places after the change; `capacity` 0: there is no such slot, or
    its campaign's window in UCCE leaves these callbacks out."""

    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    campaign_id = StringId(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    start = Instant(required=True)
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
    closed_slots = fields.Integer(
        required=True,
        metadata={"description": f"Slots of the next {DAYS} days that the campaign's window newly closes"},
    )
    uncallable_slots = fields.Integer(
        required=True,
        metadata={
            "description": f"Slots of the next {DAYS} days in which the campaign's calling hours newly let nobody be "
            "called who is in the schedule's own zone"
        },
    )
    summary = fields.String(required=True)
    slots = fields.List(fields.Nested(AffectedSlotSchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedSlot:
    """An AffectedSlotSchema."""

    pool_id: int
    skill_id: int
    skill: str
    campaign_id: int | None
    campaign: str | None
    start: datetime
    time_zone: str
    booked: int
    capacity: int
    capacity_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """An EffectsSchema."""

    dry_run_only: bool
    outside: int
    overcommitted: int
    closed_slots: int
    uncallable_slots: int
    slots: Sequence[AffectedSlot]

    @property
    def summary(self) -> str:
        """The same for a person, in one or two sentences."""
        return _summary(self.outside, self.overcommitted, self.closed_slots, self.uncallable_slots)


def change_response(schema: ApiSchema, resource: Any, effects: Effects, status: int = 200) -> Response:
    """A changed resource with what the change does to booked callbacks, and its ETag; `schema` is the resource's."""
    return optimistic_locking.json_with_etag(schema, resource, status, effects=EffectsSchema().dump(effects))


def creation_response(schema: ApiSchema, resource: Any, effects: Effects) -> Response:
    """As `change_response`, of a new resource; of a dry run, which makes none, the effects alone."""
    return dry_run_response(effects) if effects.dry_run_only else change_response(schema, resource, effects, 201)


def dry_run_response(effects: Effects) -> Response:
    """What a change would do to booked callbacks."""
    return jsonify(EffectsSchema().dump(effects))


def pools_of_weeks(connection: Connection, weeks: ColumnElement[bool]) -> set[int]:
    """The pools that are, or will be, assigned a weekly schedule that meets the condition."""
    statement = (
        select(models.SkillSchedule.pool_id)
        .join(models.WeeklySchedule, models.WeeklySchedule.id == models.SkillSchedule.weekly_schedule_id)
        .where(weeks)
    )
    return set(connection.execute(statement).scalars())


class ImpactAnalysis:
    """Pools of which a transaction changes the schedule, or a campaign of which it changes the window: made before the
    change, asked after it."""

    def __init__(self, tx: Connection, pools: Iterable[int], now: datetime, *, dry_run: bool = False) -> None:
        self._tx, self._pools, self._now, self._dry_run = tx, set(pools), now, dry_run
        self._before = read_snapshot(tx)
        statement = select(Slot.pool_id, Slot.start_at, Slot.booked).where(Slot.start_at >= now, Slot.booked > 0)
        self._booked = [row for row in tx.execute(statement) if row.pool_id in self._pools] if self._pools else []

    def effects(self, campaign_id: int | None = None) -> Effects:
        """What the transaction has done so far; also to the pools of a campaign."""
        after = read_snapshot(self._tx)
        for snapshot in (self._before, after):
            self._pools |= _pools_of(snapshot, campaign_id)
        slots = []
        for row in self._booked:
            capacity = _capacity(after.pool_by_id.get(row.pool_id), row.start_at)
            if row.booked > capacity:
                slots.append(self._slot(after, row.pool_id, row.start_at, row.booked, capacity))
        gone = {(slot.pool_id, slot.start) for slot in slots if not slot.capacity}
        for (pool_id, start), count in self._left_out(after).items():
            if (pool_id, start) not in gone:
                slots.append(self._slot(after, pool_id, start, count, 0))
        before_overlaps, after_overlaps = self._overlaps(self._before), self._overlaps(after)
        return Effects(
            dry_run_only=self._dry_run,
            outside=sum(slot.booked for slot in slots if not slot.capacity),
            overcommitted=sum(slot.booked - slot.capacity for slot in slots if slot.capacity),
            closed_slots=_newly([one.closed for one in before_overlaps], [one.closed for one in after_overlaps]),
            uncallable_slots=_newly(
                [one.uncallable for one in before_overlaps], [one.uncallable for one in after_overlaps]
            ),
            slots=sorted(slots, key=lambda slot: (slot.start, slot.pool_id)),
        )

    def _left_out(self, after: ConfigSnapshot) -> Counter[tuple[int, datetime]]:
        """Scheduled callbacks that would have been dialled in time and would not be any more, by pool and slot."""
        bounded = {
            key for key, one in after.campaign_by_id.items() if not (one.window.always and one.calling_hours.all_day)
        }
        if not bounded:
            return Counter()
        statement = select(
            Callback.pool_id, Callback.slot_start, Callback.start_at, Callback.campaign_id, Callback.calling_zones,
            Callback.customer_time_zone,
        ).where(Callback.status == Status.SCHEDULED, Callback.start_at >= self._now)  # fmt: skip
        left_out: Counter[tuple[int, datetime]] = Counter()
        for row in self._tx.execute(statement):
            if row.pool_id not in self._pools or row.campaign_id not in bounded:
                continue
            if row.campaign_id not in self._before.campaign_by_id:
                continue
            if _is_dialled(self._before, row) and not _is_dialled(after, row):
                left_out[row.pool_id, row.slot_start] += 1
        return left_out

    def _overlaps(self, snapshot: ConfigSnapshot) -> list[Overlap]:
        """Of each pool with the campaign that draws from it."""
        pools = [pool for key in self._pools if (pool := snapshot.pool_by_id.get(key))]
        return [overlap(pool, snapshot.window_of(pool), snapshot.calling_hours_of(pool), self._now) for pool in pools]

    def _slot(self, after: ConfigSnapshot, pool_id: int, start: datetime, booked: int, capacity: int) -> AffectedSlot:
        pool = after.pool_by_id.get(pool_id) or self._before.pool_by_id[pool_id]
        campaign = after.campaign_by_id.get(pool.campaign_id) if pool.campaign_id else None
        return AffectedSlot(
            pool_id=pool_id,
            skill_id=pool.skill_id,
            skill=after.skill_by_id[pool.skill_id].name,
            campaign_id=pool.campaign_id,
            campaign=campaign.name if campaign else None,
            start=start.astimezone(pool.zone),
            time_zone=pool.zone.key,
            booked=booked,
            capacity=capacity,
            capacity_before=_capacity(self._before.pool_by_id.get(pool_id), start),
        )


def _newly(before: Sequence[int], after: Sequence[int]) -> int:
    return max(0, sum(after) - sum(before))


def _is_dialled(snapshot: ConfigSnapshot, row: Any) -> bool:
    """Whether UCCE dials a callback at its start, and it lies within the calling hours."""
    campaign, pool = snapshot.campaign_by_id[row.campaign_id], snapshot.pool_by_id[row.pool_id]
    party = CalledParty.stored(campaign.calling_hours, pool.zone, row.calling_zones, row.customer_time_zone)
    return campaign.window.dials_at(row.start_at, party.zone) and party.may_be_called(row.start_at)


def _pools_of(snapshot: ConfigSnapshot, campaign_id: int | None) -> set[int]:
    """The pools that a campaign draws from."""
    campaign = snapshot.campaign_by_id.get(campaign_id) if campaign_id else None
    if campaign is None:
        return set()
    drawn = [snapshot.pool_of(snapshot.skill_by_id[skill], campaign) for skill in campaign.skill_ids]
    return {pool.id for pool in drawn if pool}


def _capacity(pool: Pool | None, start: datetime) -> int:
    if pool is None:
        return 0
    slots = pool.day(start.astimezone(pool.zone).date()).slots
    return next((slot.capacity for slot in slots if slot.start == start), 0)


def _summary(outside: int, over: int, closed: int, uncallable: int) -> str:
    parts = []
    if outside:
        parts.append(f"{outside} booked callback{'s fall' if outside > 1 else ' falls'} outside")
    if over:
        parts.append(f"{over} booked callback{'s are' if over > 1 else ' is'} beyond the capacity")
    kept = "Every booked callback keeps its place."
    if parts:
        kept = " and ".join(parts) + ". They stay booked; no new ones are taken there."
    if closed:
        kept += f" The campaign's window in UCCE closes {_slots(closed)} of the next {DAYS} days."
    if uncallable:
        kept += (
            f" Its calling hours leave out {_slots(uncallable)} of the next {DAYS} days for customers in the zone of "
            "the schedule."
        )
    return kept


def _slots(count: int) -> str:
    return f"{count} slots" if count > 1 else "1 slot"
