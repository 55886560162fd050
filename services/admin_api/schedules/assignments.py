"""Reading and writing the assignments of weekly schedules to pools."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy import delete as delete_from
from sqlalchemy import update as update_of
from sqlalchemy.orm import aliased

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import Page, page_of
from services.admin_api.framework.views import from_row
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.identity.scoped_rows import visible
from services.admin_api.schedules import impact
from services.admin_api.schedules.assignment_schemas import AssignmentChanges, SkillSchedulesList
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import Callback, Campaign, Pool, Skill, SkillSchedule, Slot, WeeklySchedule
from shared.db.session import Database, retried
from shared.errors import InvalidInput

RESOURCE = "skill schedule"
_AUDITED_COLUMNS = ("skill", "campaign", "time_zone", "weekly_schedule", "starts_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A SkillScheduleSchema. `campaign_id` None: the skill's own pool; `weekly_schedule_id` None: no slots."""

    id: int
    version: int
    changed_at: datetime
    changed_by: str | None
    skill_id: int
    skill: str
    campaign_id: int | None
    campaign: str | None
    time_zone: str
    weekly_schedule_id: int | None
    weekly_schedule: str | None
    starts_on: date
    in_force: bool


@retried
def list_page(database: Database, query: SkillSchedulesList, scope: Scope, today: date) -> Page:
    """One page of the assignments that the person sees."""
    statement = _query(today).where(*visible(scope, SkillSchedule))
    if query.skill_id is not None:
        statement = statement.where(Pool.skill_id == query.skill_id)
    sorts = {"skill": Skill.name, "startsOn": SkillSchedule.starts_on, "changedAt": SkillSchedule.changed_at}
    with database.reading() as connection:
        result = page_of(connection, statement, query, sorts=sorts, tie=SkillSchedule.id,
                        search=[Skill.name, Campaign.name, WeeklySchedule.name])  # fmt: skip
    return result.map(_to_response)


@retried
def get(database: Database, key: int, scope: Scope, today: date) -> Assignment:
    """An assignment with its names. Raises `not_found`."""
    with database.reading() as connection:
        return _read(connection, key, scope, today)


@retried
def pool_of(database: Database, key: int, scope: Scope) -> tuple[int, int | None]:
    """The skill and the campaign whose pool an assignment is of. Raises `not_found`."""
    with database.reading() as connection:
        row = _read(connection, key, scope, date.min)
    return row.skill_id, row.campaign_id


@retried
def create(
    database: Database, changes: AssignmentChanges, by: CurrentUser, now: datetime, *, dry_run: bool
) -> tuple[Assignment, impact.Effects]:
    """The new assignment, and what it does to booked callbacks.

    Raises `already_exists` for the same pool and day, and validation errors.
    """
    with optimistic_locking.integrity_errors_as_problems(RESOURCE, "startsOn"), database.writing() as tx:
        _check(tx, changes, by.scope)
        pool_id = _pool(tx, changes)
        impact_of = impact.ImpactAnalysis(tx, [pool_id], now, dry_run=dry_run)
        _set_zone(tx, pool_id, changes.time_zone)
        values = _values(pool_id, changes)
        key = optimistic_locking.insert_row(tx, SkillSchedule, values, by=by, now=now)
        assignment = _read(tx, key, by.scope, now.date())
        audit(
            tx,
            by,
            "create",
            "skill-schedules",
            key,
            now=now,
            label=assignment.skill,
            after=_audit_fields(assignment),
            skills=[changes.skill_id],
        )
        bump_version(tx)
        effects = impact_of.effects()
        if not dry_run:
            tx.commit()
    return assignment, effects


@retried
def update(
    database: Database, key: int, changes: AssignmentChanges, by: CurrentUser, now: datetime, *, dry_run: bool
) -> tuple[Assignment, impact.Effects]:
    """The assignment (of a dry run as it still is), and what the change does to booked callbacks.

    Raises `not_found`, `stale_version`, and what `create` raises.
    """
    with optimistic_locking.integrity_errors_as_problems(RESOURCE, "startsOn"), database.writing() as tx:
        own = visible(by.scope, SkillSchedule)
        before = optimistic_locking.read_for_update(tx, SkillSchedule, key, RESOURCE, own)
        assignment_before = _read(tx, key, by.scope, now.date())
        _check(tx, changes, by.scope)
        pool_id = _pool(tx, changes)
        impact_of = impact.ImpactAnalysis(tx, {pool_id, before.pool_id}, now, dry_run=dry_run)
        _set_zone(tx, pool_id, changes.time_zone)
        optimistic_locking.update_row(tx, SkillSchedule, before, _values(pool_id, changes), by=by, now=now)
        _delete_pool_if_unused(tx, before.pool_id)
        assignment = _read(tx, key, by.scope, now.date())
        audit(tx, by, "update", "skill-schedules", key, now=now, label=assignment.skill,
              before=_audit_fields(assignment_before), after=_audit_fields(assignment),
              skills={assignment_before.skill_id, assignment.skill_id})  # fmt: skip
        bump_version(tx)
        effects = impact_of.effects()
        if not dry_run:
            tx.commit()
    return assignment_before if dry_run else assignment, effects


@retried
def delete(database: Database, key: int, by: CurrentUser, now: datetime, *, dry_run: bool) -> impact.Effects:
    """What that does to booked callbacks. Raises `not_found`, `stale_version`."""
    with optimistic_locking.integrity_errors_as_problems(RESOURCE, "startsOn"), database.writing() as tx:
        own = visible(by.scope, SkillSchedule)
        row = optimistic_locking.read_for_update(tx, SkillSchedule, key, RESOURCE, own)
        assignment = _read(tx, key, by.scope, now.date())
        impact_of = impact.ImpactAnalysis(tx, [row.pool_id], now, dry_run=dry_run)
        optimistic_locking.delete_row(tx, SkillSchedule, row)
        _delete_pool_if_unused(tx, row.pool_id)
        audit(
            tx,
            by,
            "delete",
            "skill-schedules",
            key,
            now=now,
            label=assignment.skill,
            before=_audit_fields(assignment),
            skills=[assignment.skill_id],
        )
        bump_version(tx)
        effects = impact_of.effects()
        if not dry_run:
            tx.commit()
    return effects


def _query(today: date) -> Select[*tuple[Any, ...]]:
    newer = aliased(SkillSchedule)
    latest = (
        select(func.max(newer.starts_on))
        .where(newer.pool_id == SkillSchedule.pool_id, newer.starts_on <= today)
        .correlate(SkillSchedule)
        .scalar_subquery()
    )
    return (
        select(
            *SkillSchedule.__table__.columns, Pool.skill_id, Pool.campaign_id, Pool.time_zone,
            Skill.name.label("skill"), Campaign.name.label("campaign"), WeeklySchedule.name.label("weekly_schedule"),
            latest.label("latest"),
        )
        .join(Pool, Pool.id == SkillSchedule.pool_id)
        .join(Skill, Skill.id == Pool.skill_id)
        .outerjoin(Campaign, Campaign.id == Pool.campaign_id)
        .outerjoin(WeeklySchedule, WeeklySchedule.id == SkillSchedule.weekly_schedule_id)
    )  # fmt: skip


def _read(connection: Connection, key: int, scope: Scope, today: date) -> Assignment:
    statement = _query(today).where(SkillSchedule.id == key, *visible(scope, SkillSchedule))
    row = connection.execute(statement).one_or_none()
    return _to_response(optimistic_locking.require_row(row, RESOURCE))


def _to_response(row: Any) -> Assignment:
    return from_row(Assignment, row, in_force=row.starts_on == row.latest)


def _values(pool_id: int, changes: AssignmentChanges) -> dict[str, Any]:
    return {
        "pool_id": pool_id,
        "weekly_schedule_id": changes.weekly_schedule_id,
        "starts_on": changes.starts_on,
    }


def _audit_fields(assignment: Assignment) -> dict[str, Any]:
    return {name: getattr(assignment, name) for name in _AUDITED_COLUMNS}


def _check(tx: Connection, changes: AssignmentChanges, scope: Scope) -> None:
    errors = {}
    for key, field, model, resource in (
        (changes.skill_id, "skillId", Skill, "skill"),
        (changes.campaign_id, "campaignId", Campaign, "campaign"),
        (changes.weekly_schedule_id, "weeklyScheduleId", WeeklySchedule, "weekly schedule"),
    ):
        existing = select(model.id).where(model.id == key, *visible(scope, model))
        if key is not None and tx.execute(existing).one_or_none() is None:
            errors[field] = [f"There is no such {resource}."]
    if errors:
        raise InvalidInput(errors)


def _pool(tx: Connection, changes: AssignmentChanges) -> int:
    """The pool of a skill, or of a campaign with it; made with the first assignment."""
    skill, campaign = changes.skill_id, changes.campaign_id
    of_campaign = Pool.campaign_id.is_(None) if campaign is None else Pool.campaign_id == campaign
    pool_id = tx.execute(select(Pool.id).where(Pool.skill_id == skill, of_campaign)).scalar_one_or_none()
    if pool_id is None:
        values = {"skill_id": skill, "campaign_id": campaign, "time_zone": changes.time_zone}
        (pool_id,) = tx.execute(insert(Pool).values(**values)).inserted_primary_key or (0,)
    return int(pool_id)


def _delete_pool_if_unused(tx: Connection, pool_id: int) -> None:
    """A pool without assignments in which nothing was ever booked must not keep its skill from being deleted."""
    used = [select(model.pool_id).where(model.pool_id == pool_id) for model in (SkillSchedule, Callback)]
    unused = [~statement.exists() for statement in used]
    tx.execute(delete_from(Slot).where(Slot.pool_id == pool_id, *unused))
    tx.execute(delete_from(Pool).where(Pool.id == pool_id, *unused))


def _set_zone(tx: Connection, pool_id: int, zone: str) -> None:
    tx.execute(update_of(Pool).where(Pool.id == pool_id, Pool.time_zone != zone).values(time_zone=zone))
