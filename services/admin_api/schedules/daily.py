"""Daily schedules: how many callbacks each half hour of a day takes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Connection, or_, select

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema
from services.admin_api.framework.paging import ListQuery, NamedQuery, Page, PageSchema, named_page
from services.admin_api.framework.views import from_row
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.identity.scoped_rows import require_changeable, visible
from services.admin_api.schedules import impact
from shared.callbacks.config_cache import bump_version
from shared.callbacks.schedule import HALF_HOURS_PER_DAY, MAX_CAPACITY
from shared.db.audit import write_audit as audit
from shared.db.models import DailySchedule, WeeklySchedule
from shared.db.session import Database, retried
from shared.db.skill_links import DAYS
from shared.errors import Code
from shared.web.dependencies import dependencies
from shared.web.schemas import Length, NameText

RESOURCE = "daily schedule"
blueprint = require_session(
    AdminBlueprint("daily-schedules", __name__, url_prefix="/admin/api/v1/daily-schedules", description=__doc__)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyScheduleChanges:
    """What a person may set of a daily schedule."""

    name: str
    capacities: Sequence[int]


class DailyScheduleWriteSchema(DataclassSchema):
    loads = DailyScheduleChanges

    name = NameText(required=True, validate=Length(1, 64))
    capacities = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, MAX_CAPACITY)),
        required=True,
        validate=Length(equal=HALF_HOURS_PER_DAY),
        metadata={"description": "Callbacks in each of the 48 half hours from 00:00 local time; 0 is no slot"},
    )


class DailyScheduleSchema(EditedSchema):
    name = fields.String(required=True)
    capacities = fields.List(fields.Integer(), required=True)
    total = fields.Integer(required=True, metadata={"description": "Callbacks a day"})


class DailyScheduleChangeSchema(DailyScheduleSchema):
    effects = fields.Nested(impact.EffectsSchema, required=True)


class DailySchedulePageSchema(PageSchema):
    items = fields.List(fields.Nested(DailyScheduleSchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyScheduleView:
    """A DailyScheduleSchema; `capacities` are those of the 48 half hours."""

    id: int
    version: int
    changed_at: datetime
    changed_by: str | None
    name: str
    capacities: Sequence[int]

    @property
    def total(self) -> int:
        """Callbacks a day."""
        return sum(self.capacities)


@blueprint.route("")
class DailySchedules(MethodView):
    @blueprint.arguments(NamedQuery, location="query")
    @blueprint.response(200, DailySchedulePageSchema)
    @blueprint.operation("listDailySchedules", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: ListQuery) -> Page:
        """List daily schedules"""
        return _page(dependencies().database, query, current_user().scope)

    @blueprint.arguments(DailyScheduleWriteSchema, location="json")
    @blueprint.response(201, DailyScheduleSchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createDailySchedule", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, changes: DailyScheduleChanges) -> Response:
        """Create a daily schedule"""
        deps = dependencies()
        schedule = _to_response(_create(deps.database, changes, current_user(), deps.now()))
        return optimistic_locking.json_with_etag(DailyScheduleSchema(), schedule, 201)


@blueprint.route("/<key:id>")
class DailyScheduleOne(MethodView):
    @blueprint.response(200, DailyScheduleSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getDailySchedule", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> Response:
        """Show a daily schedule"""
        schedule = _to_response(_one(dependencies().database, id, current_user().scope))
        return optimistic_locking.json_with_etag(DailyScheduleSchema(), schedule)

    @blueprint.arguments(DailyScheduleWriteSchema, location="json")
    @blueprint.arguments(impact.DryRunQuery, location="query")
    @blueprint.response(200, DailyScheduleChangeSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateDailySchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def put(self, changes: DailyScheduleChanges, query: impact.DryRun, id: int) -> Response:
        """Change a daily schedule; with dryRun only tell what that would do"""
        deps = dependencies()
        row, effects = _update(deps.database, id, changes, current_user(), deps.now(), query.dry_run)
        return impact.change_response(DailyScheduleSchema(), _to_response(row), effects)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteDailySchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def delete(self, id: int) -> None:
        """Delete a daily schedule that no weekly one uses"""
        deps = dependencies()
        _delete(deps.database, id, current_user(), deps.now())


@retried
def _page(database: Database, query: ListQuery, scope: Scope) -> Page:
    with database.reading() as connection:
        result = named_page(
            connection,
            select(*DailySchedule.__table__.columns).where(*visible(scope, DailySchedule)),
            query,
            DailySchedule,
        )
    return result.map(_to_response)


@retried
def _one(database: Database, key: int, scope: Scope) -> Any:
    with database.reading() as connection:
        return optimistic_locking.read_row(connection, DailySchedule, key, RESOURCE, visible(scope, DailySchedule))


@retried
def _create(database: Database, changes: DailyScheduleChanges, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        key = optimistic_locking.insert_row(tx, DailySchedule, asdict(changes), by=by, now=now)
        audit(tx, by, "create", "daily-schedules", key, now=now, label=changes.name, after=asdict(changes))
        bump_version(tx)
        row = optimistic_locking.read_row(tx, DailySchedule, key, RESOURCE)
        tx.commit()
    return row


@retried
def _update(
    database: Database, key: int, changes: DailyScheduleChanges, by: CurrentUser, now: datetime, dry_run: bool
) -> tuple[Any, impact.Effects]:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, DailySchedule, key, RESOURCE, visible(by.scope, DailySchedule))
        skills = require_changeable(tx, by.scope, DailySchedule, key)
        pools = impact.pools_of_weeks(tx, or_(*(day == key for day in DAYS)))
        impact_of = impact.ImpactAnalysis(tx, pools, now, dry_run=dry_run)
        optimistic_locking.update_row(tx, DailySchedule, before, asdict(changes), by=by, now=now)
        audit(tx, by, "update", "daily-schedules", key, now=now, label=changes.name,
              before={"name": before.name, "capacities": before.capacities}, after=asdict(changes),
              skills=skills)  # fmt: skip
        bump_version(tx)
        row, effects = optimistic_locking.read_row(tx, DailySchedule, key, RESOURCE), impact_of.effects()
        if not dry_run:
            tx.commit()
    return before if dry_run else row, effects


@retried
def _delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, DailySchedule, key, RESOURCE, visible(by.scope, DailySchedule))
        skills = require_changeable(tx, by.scope, DailySchedule, key)
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, key))
        optimistic_locking.delete_row(tx, DailySchedule, row)
        audit(tx, by, "delete", "daily-schedules", key, now=now, label=row.name,
              before={"name": row.name, "capacities": row.capacities}, skills=skills)  # fmt: skip
        bump_version(tx)
        tx.commit()


def _referenced_by(tx: Connection, key: int) -> list[str]:
    statement = select(WeeklySchedule.name).where(or_(*(day == key for day in DAYS))).order_by(WeeklySchedule.name)
    return [f"weekly schedule {name!r}" for name in tx.execute(statement).scalars()]


def _to_response(row: Any) -> DailyScheduleView:
    return from_row(DailyScheduleView, row)
