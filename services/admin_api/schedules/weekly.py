"""Weekly schedules: a daily schedule for each weekday, or none."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields
from sqlalchemy import Connection, select

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema, StringId
from services.admin_api.framework.paging import ListQuery, NamedQuery, Page, PageSchema, named_page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import EVERYTHING, Scope, Scoped
from services.admin_api.identity.scoped_rows import require_changeable, visible
from services.admin_api.schedules import impact
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import Campaign, DailySchedule, Pool, Skill, SkillSchedule, WeeklySchedule
from shared.db.session import Database, retried
from shared.errors import Code, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.schemas import Length, NameText, camel

RESOURCE = "weekly schedule"
DAYS = ("monday_id", "tuesday_id", "wednesday_id", "thursday_id", "friday_id", "saturday_id", "sunday_id")

blueprint = require_session(
    AdminBlueprint("weekly-schedules", __name__, url_prefix="/admin/api/v1/weekly-schedules", description=__doc__)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyScheduleChanges:
    """What a person may set of a weekly schedule: ids of daily schedules; None: no slots that day."""

    name: str
    monday_id: int | None
    tuesday_id: int | None
    wednesday_id: int | None
    thursday_id: int | None
    friday_id: int | None
    saturday_id: int | None
    sunday_id: int | None


class WeeklyScheduleWriteSchema(DataclassSchema):
    """The id of a daily schedule for each weekday; null: no slots that day."""

    loads = WeeklyScheduleChanges

    name = NameText(required=True, validate=Length(1, 64))
    monday_id = StringId(required=True, allow_none=True)
    tuesday_id = StringId(required=True, allow_none=True)
    wednesday_id = StringId(required=True, allow_none=True)
    thursday_id = StringId(required=True, allow_none=True)
    friday_id = StringId(required=True, allow_none=True)
    saturday_id = StringId(required=True, allow_none=True)
    sunday_id = StringId(required=True, allow_none=True)


class WeeklyScheduleSchema(EditedSchema, WeeklyScheduleWriteSchema):
    """A weekly schedule."""


class WeeklyScheduleChangeSchema(WeeklyScheduleSchema):
    effects = fields.Nested(impact.EffectsSchema, required=True)


class WeeklySchedulePageSchema(PageSchema):
    items = fields.List(fields.Nested(WeeklyScheduleSchema), required=True)


@blueprint.route("")
class WeeklySchedules(MethodView):
    @blueprint.arguments(NamedQuery, location="query")
    @blueprint.response(200, WeeklySchedulePageSchema)
    @blueprint.operation("listWeeklySchedules", Role.VIEWER, Scoped.SKILLS)
    def get(self, query: ListQuery) -> Page:
        """List weekly schedules"""
        return _page(dependencies().database, query, current_user().scope)

    @blueprint.arguments(WeeklyScheduleWriteSchema, location="json")
    @blueprint.response(201, WeeklyScheduleSchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createWeeklySchedule", Role.SUPERVISOR, Scoped.SKILLS)
    def post(self, changes: WeeklyScheduleChanges) -> Response:
        """Create a weekly schedule"""
        deps = dependencies()
        row = _create(deps.database, changes, current_user(), deps.now())
        return optimistic_locking.json_with_etag(WeeklyScheduleSchema(), row, 201)


@blueprint.route("/<key:id>")
class WeeklyScheduleOne(MethodView):
    @blueprint.response(200, WeeklyScheduleSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getWeeklySchedule", Role.VIEWER, Scoped.SKILLS)
    def get(self, id: int) -> Response:
        """Show a weekly schedule"""
        row = _one(dependencies().database, id, current_user().scope)
        return optimistic_locking.json_with_etag(WeeklyScheduleSchema(), row)

    @blueprint.arguments(WeeklyScheduleWriteSchema, location="json")
    @blueprint.arguments(impact.DryRunQuery, location="query")
    @blueprint.response(200, WeeklyScheduleChangeSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateWeeklySchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def put(self, changes: WeeklyScheduleChanges, query: impact.DryRun, id: int) -> Response:
        """Change a weekly schedule; with dryRun only tell what that would do"""
        deps = dependencies()
        row, effects = _update(deps.database, id, changes, current_user(), deps.now(), query.dry_run)
        return impact.change_response(WeeklyScheduleSchema(), row, effects)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteWeeklySchedule", Role.SUPERVISOR, Scoped.SKILLS, conditional=True)
    def delete(self, id: int) -> None:
        """Delete a weekly schedule that is assigned to no skill"""
        deps = dependencies()
        _delete(deps.database, id, current_user(), deps.now())


@retried
def _page(database: Database, query: ListQuery, scope: Scope) -> Page:
    with database.reading() as connection:
        return named_page(
            connection,
            select(*WeeklySchedule.__table__.columns).where(*visible(scope, WeeklySchedule)),
            query,
            WeeklySchedule,
        )


@retried
def _one(database: Database, key: int, scope: Scope) -> Any:
    with database.reading() as connection:
        return optimistic_locking.read_row(connection, WeeklySchedule, key, RESOURCE, visible(scope, WeeklySchedule))


@retried
def _create(database: Database, changes: WeeklyScheduleChanges, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        named = _named(tx, changes, by.scope)
        key = optimistic_locking.insert_row(tx, WeeklySchedule, asdict(changes), by=by, now=now)
        audit(tx, by, "create", "weekly-schedules", key, now=now, label=changes.name, after=named)
        bump_version(tx)
        row = optimistic_locking.read_row(tx, WeeklySchedule, key, RESOURCE)
        tx.commit()
    return row


@retried
def _update(
    database: Database, key: int, changes: WeeklyScheduleChanges, by: CurrentUser, now: datetime, dry_run: bool
) -> tuple[Any, impact.Effects]:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(
            tx, WeeklySchedule, key, RESOURCE, visible(by.scope, WeeklySchedule)
        )
        skills = require_changeable(tx, by.scope, WeeklySchedule, key)
        named, pools = _named(tx, changes, by.scope), impact.pools_of_weeks(tx, WeeklySchedule.id == key)
        impact_of = impact.ImpactAnalysis(tx, pools, now, dry_run=dry_run)
        optimistic_locking.update_row(tx, WeeklySchedule, before, asdict(changes), by=by, now=now)
        audit(tx, by, "update", "weekly-schedules", key, now=now, label=changes.name,
              before=_named(tx, before), after=named, skills=skills)  # fmt: skip
        bump_version(tx)
        row, effects = optimistic_locking.read_row(tx, WeeklySchedule, key, RESOURCE), impact_of.effects()
        if not dry_run:
            tx.commit()
    return before if dry_run else row, effects


@retried
def _delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, WeeklySchedule, key, RESOURCE, visible(by.scope, WeeklySchedule))
        skills = require_changeable(tx, by.scope, WeeklySchedule, key)
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, key))
        named = _named(tx, row)
        optimistic_locking.delete_row(tx, WeeklySchedule, row)
        audit(tx, by, "delete", "weekly-schedules", key, now=now, label=row.name, before=named, skills=skills)
        bump_version(tx)
        tx.commit()


def _referenced_by(tx: Connection, key: int) -> list[str]:
    statement = (
        select(Skill.name, Campaign.name.label("campaign"))
        .select_from(SkillSchedule)
        .join(Pool, Pool.id == SkillSchedule.pool_id)
        .join(Skill, Skill.id == Pool.skill_id)
        .outerjoin(Campaign, Campaign.id == Pool.campaign_id)
        .where(SkillSchedule.weekly_schedule_id == key)
        .distinct()
        .order_by(Skill.name)
    )
    return [
        f"skill {row.name!r}" + (f" in campaign {row.campaign!r}" if row.campaign else "")
        for row in tx.execute(statement)
    ]


def _named(tx: Connection, week: Any, scope: Scope = EVERYTHING) -> dict[str, Any]:
    """The week with the names of its daily schedules, for the audit log. Raises a validation error for unknown ones."""
    existing = select(DailySchedule.id, DailySchedule.name).where(*visible(scope, DailySchedule))
    names = {row.id: row.name for row in tx.execute(existing)}
    ids = {day: getattr(week, day) for day in DAYS}
    unknown = [day for day, key in ids.items() if key is not None and key not in names]
    if unknown:
        raise InvalidInput({camel(day): ["There is no such daily schedule."] for day in unknown})
    return {"name": week.name, **{day.removesuffix("_id"): names.get(key) for day, key in ids.items()}}
