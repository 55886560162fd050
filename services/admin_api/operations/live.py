"""Live: the system as it is now, for a page that asks again every few seconds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify
from flask.views import MethodView
from sqlalchemy import ColumnElement, Connection, func, select

from services.admin_api.callbacks.filters import starting_within
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.time_range import TODAY, TimeRange
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.identity.scoped_rows import require_changeable, visible
from services.admin_api.operations import worker_status
from services.admin_api.operations.live_schemas import (
    BrakesSchema,
    BrakesWriteSchema,
    HeldCampaignSchema,
    LiveFilters,
    LiveQuery,
    LiveSchema,
    MasterSchema,
    UcceSchema,
)
from shared.callbacks.brakes import BrakeChange, BrakesState, read_brakes, set_brakes
from shared.callbacks.config_snapshot import ConfigSnapshot, Pool
from shared.callbacks.no_result import result_expected_since, without_result
from shared.callbacks.states import OPEN, Status
from shared.db.models import Callback, Campaign, Skill, Slot
from shared.db.session import Database, retried
from shared.errors import Code
from shared.web.dependencies import dependencies

OVERDUE = timedelta(minutes=2)  # after its due time: more than a hand-over cycle takes
_HELD = (
    select(Campaign.id, Campaign.name, Campaign.hold, Campaign.held_at, Campaign.sync_message)
    .where(Campaign.hold.is_not(None))
    .order_by(Campaign.name)
)

blueprint = require_session(AdminBlueprint("live", __name__, url_prefix="/admin/api/v1/live", description=__doc__))


@blueprint.route("")
class Live(MethodView):
    @blueprint.arguments(LiveQuery, location="query")
    @blueprint.response(200, LiveSchema)
    @blueprint.operation("getLive", Role.VIEWER, Scoped.SKILLS, background=True)
    def get(self, query: LiveFilters) -> Response:
        """Callbacks by state, today's slots, the master, UCCE, the brakes"""
        deps = dependencies()
        return jsonify(_live(deps.database, deps.config_cache.current(), query, current_user().scope, deps.now()))


@blueprint.route("/brakes")
class Brakes(MethodView):
    @blueprint.arguments(BrakesWriteSchema, location="json")
    @blueprint.response(200, BrakesSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("setBrakes", Role.OPERATOR, Scoped.SKILLS)
    def post(self, body: dict[str, Any]) -> BrakesState:
        """Stop or resume taking bookings, or handing over: for everything, a skill or a campaign"""
        deps = dependencies()
        change = BrakeChange(
            accept_bookings=body.get("accept_bookings"),
            hand_over=body.get("hand_over"),
            skill=body.get("skill_id"),
            campaign=body.get("campaign_id"),
        )
        change.check(skill_field="skillId", campaign_field="campaignId")
        _require_own(deps.database, change, current_user().scope)
        state = set_brakes(deps.database, change, by=current_user(), now=deps.now())
        return _own_brakes(deps.database, current_user().scope, state)


@retried
def _require_own(database: Database, change: BrakeChange, scope: Scope) -> None:
    """Raises `not_found`, `forbidden` for brakes that concern skills that are not the person's."""
    if not scope.is_limited:
        return
    with database.reading() as connection:
        for model, key, resource, given in (
            (Skill, change.skill, "skill", change.accept_bookings),
            (Campaign, change.campaign, "campaign", change.hand_over),
        ):
            if given is None:
                continue
            if key is None:
                scope.require_all_skills("A brake of everything")
            optimistic_locking.read_row(connection, model, key, resource, visible(scope, model))
            require_changeable(connection, scope, model, key)


@retried
def _own_brakes(database: Database, scope: Scope, state: BrakesState) -> BrakesState:
    if not scope.is_limited:
        return state
    with database.reading() as connection:
        return _seen(connection, scope, state)


def _seen(connection: Connection, scope: Scope, state: BrakesState) -> BrakesState:
    """The brakes of everything, and those of the person's skills and campaigns."""
    if not scope.is_limited:
        return state
    campaigns = set(connection.execute(select(Campaign.id).where(*visible(scope, Campaign))).scalars())
    return replace(
        state,
        paused_skills=[skill for skill in state.paused_skills if scope.includes([skill.id])],
        paused_campaigns=[campaign for campaign in state.paused_campaigns if campaign.id in campaigns],
    )


@retried
def _live(
    database: Database, snapshot: ConfigSnapshot, query: LiveFilters, scope: Scope, now: datetime
) -> dict[str, Any]:
    with database.reading() as connection:
        pools = [
            pool for pool in snapshot.pool_by_id.values()
            if query.skill_id in (None, pool.skill_id) and scope.includes([pool.skill_id])
        ]  # fmt: skip
        campaigns = visible(scope, Campaign)
        today = TimeRange.of(TODAY, TODAY, now)
        return {
            "at": now.isoformat(),
            "open": _by_status(connection, scope, [status for status in Status if status in OPEN]),
            "today": _by_status(connection, scope, list(Status), starting_within(Callback, snapshot, today)),
            "overdue": _overdue(connection, scope, now),
            "withoutResult": _without_result(connection, scope, result_expected_since(snapshot.settings, now)),
            "pools": _pools(connection, snapshot, pools, now, slots=query.slots),
            "master": MasterSchema().dump(worker_status.master(connection, scope, now)),
            "ucce": UcceSchema().dump(worker_status.ucce(connection, scope, now)),
            "campaignsNotInSync": connection.execute(
                select(func.count()).select_from(Campaign).where(Campaign.sync_state != "in_sync", *campaigns)
            ).scalar_one(),
            "heldCampaigns": HeldCampaignSchema(many=True).dump(connection.execute(_HELD.where(*campaigns)).all()),
            "brakes": BrakesSchema().dump(_seen(connection, scope, read_brakes(connection))),
        }


def _by_status(
    connection: Connection, scope: Scope, statuses: list[Status], within: Sequence[ColumnElement[bool]] = ()
) -> dict[str, int]:
    """Counts from the index of states and times: of all, or of those `within` a time."""
    statement = (
        select(Callback.status, func.count())
        .where(Callback.status.in_(statuses), *within, *visible(scope, Callback))
        .group_by(Callback.status)
    )
    counts = {row[0]: row[1] for row in connection.execute(statement)}
    return {str(status): counts.get(status, 0) for status in statuses}


def _overdue(connection: Connection, scope: Scope, now: datetime) -> int:
    statement = select(func.count()).where(
        Callback.status == Status.SCHEDULED, Callback.due_at < now - OVERDUE, *visible(scope, Callback)
    )
    return connection.execute(statement).scalar_one()


def _without_result(connection: Connection, scope: Scope, since: datetime) -> int:
    statement = (
        select(func.count()).select_from(Callback).where(*without_result(Callback, since), *visible(scope, Callback))
    )
    return connection.execute(statement).scalar_one()


def _span(zones: list[ZoneInfo], now: datetime) -> tuple[datetime, datetime]:
    """From the first beginning to the last end (UTC) of today in these zones."""
    days = [(now.astimezone(zone).date(), zone) for zone in zones]
    begins = [datetime.combine(day, time.min, zone).astimezone(UTC) for day, zone in days]
    ends = [datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC) for day, zone in days]
    return min(begins), max(ends)


def _pools(
    connection: Connection, snapshot: ConfigSnapshot, pools: list[Pool], now: datetime, *, slots: bool
) -> list[dict[str, Any]]:
    if not pools:
        return []
    first, last = _span(list({pool.zone for pool in pools}), now)
    statement = select(Slot.pool_id, Slot.start_at, Slot.booked).where(
        Slot.start_at >= first, Slot.start_at < last, Slot.booked > 0
    )
    booked: dict[int, dict[datetime, int]] = {}
    for row in connection.execute(statement):
        booked.setdefault(row.pool_id, {})[row.start_at] = row.booked
    result = [_pool(snapshot, pool, booked.get(pool.id, {}), now, slots=slots) for pool in pools]
    return sorted(result, key=lambda pool: (pool["skill"].casefold(), pool["campaign"] or ""))


def _pool(
    snapshot: ConfigSnapshot, pool: Pool, booked: dict[datetime, int], now: datetime, *, slots: bool
) -> dict[str, Any]:
    """The JSON of a LivePoolSchema, written by hand: of 200 pools with 48 slots each it takes 20 ms of CPU, by the
    schema 92 ms, and every open portal asks for it every few seconds."""
    today = now.astimezone(pool.zone).date()
    capacity = {slot.start: slot.capacity for slot in pool.day(today, snapshot.window_of(pool)).slots}
    starts = sorted({*capacity, *(start for start in booked if _is_on(start, today, pool))})
    campaign = snapshot.campaign_by_id.get(pool.campaign_id) if pool.campaign_id else None
    return {
        "skillId": str(pool.skill_id),
        "skill": snapshot.skill_by_id[pool.skill_id].name,
        "campaignId": str(campaign.id) if campaign else None,
        "campaign": campaign.name if campaign else None,
        "timeZone": pool.zone.key,
        "date": today.isoformat(),
        "capacity": sum(capacity.values()),
        "booked": sum(booked.get(start, 0) for start in starts),
        "slots": [
            {"start": start.astimezone(pool.zone).isoformat(), "capacity": capacity.get(start, 0),
             "booked": booked.get(start, 0)}
            for start in starts
        ] if slots else [],
    }  # fmt: skip


def _is_on(start: datetime, day: date, pool: Pool) -> bool:
    return start.astimezone(pool.zone).date() == day
