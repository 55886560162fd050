"""Reading and writing campaigns and the skills they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy import delete as delete_from

from services.admin_api.campaigns.campaign_schemas import CampaignChanges, CampaignSkillChanges, CampaignsList
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import Page, named_page
from services.admin_api.framework.views import from_row
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.identity.scoped_rows import require_changeable, visible
from services.admin_api.schedules import impact
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import Attempt, Callback, Campaign, CampaignSkill, Pool, Skill
from shared.db.session import Database, retried
from shared.db.skill_links import skills_of
from shared.errors import InvalidInput

RESOURCE = "campaign"
_AUDITED_COLUMNS = ("name", "description", "enabled", "parameters", "dial_prefix", "dial_form", "dial_region",
            "dial_international_prefix", "retries_by_ucce", "max_attempts", "retry_delays",
            "max_hand_overs_per_cycle", "personal_callbacks", "agent_wait_minutes", "calling_hours_start",
            "calling_hours_end")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSkillView:
    """A CampaignSkillSchema: a skill that a campaign serves, with what UCCE needs for it."""

    skill_id: int
    skill: str
    dialed_number: str | None
    ivr_route_point: str | None
    ivr_ports: int
    abandoned_route_point: str | None
    overflow_agents: int
    records_to_cache: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """A CampaignSchema; `parameters` are in Cisco's own names."""

    id: int
    version: int
    changed_at: datetime
    changed_by: str | None
    name: str
    description: str | None
    enabled: bool
    parameters: Mapping[str, Any]
    dial_prefix: str
    dial_form: str
    dial_region: str
    dial_international_prefix: str
    retries_by_ucce: bool
    max_attempts: int
    retry_delays: Mapping[str, int]
    max_hand_overs_per_cycle: int | None
    personal_callbacks: str
    agent_wait_minutes: int
    calling_hours_start: str
    calling_hours_end: str
    hands_over: bool
    skills: Sequence[CampaignSkillView]
    sync_state: str
    sync_message: str | None
    synced_at: datetime | None
    hold: str | None


@retried
def list_page(database: Database, query: CampaignsList, scope: Scope) -> Page:
    """One page of the campaigns that the person sees, with those of their skills."""
    statement = select(*Campaign.__table__.columns).where(*visible(scope, Campaign))
    if query.sync_state:
        statement = statement.where(Campaign.sync_state == query.sync_state)
    with database.reading() as connection:
        result = named_page(connection, statement, query, Campaign, search=[Campaign.description])
        return replace(result, items=_to_response(connection, result.items, scope))


@retried
def get(database: Database, key: int, scope: Scope) -> CampaignView:
    """A campaign with those of its skills that the person sees. Raises `not_found`."""
    with database.reading() as connection:
        row = optimistic_locking.read_row(connection, Campaign, key, RESOURCE, visible(scope, Campaign))
        return _to_response(connection, [row], scope)[0]


@retried
def create(
    database: Database, changes: CampaignChanges, by: CurrentUser, now: datetime, *, dry_run: bool
) -> tuple[CampaignView, impact.Effects]:
    """The new campaign, and what it does to booked callbacks.

    Raises `already_exists`, and a validation error for skills that do not exist or serve another campaign.
    """
    values = {**_values(changes), "hands_over": True, "sync_state": "pending"}
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        _check_skills(tx, changes.skills, None, by.scope)
        impact_of = impact.ImpactAnalysis(tx, [], now, dry_run=dry_run)
        key = optimistic_locking.insert_row(tx, Campaign, values, by=by, now=now)
        _set_skills(tx, key, changes.skills)
        campaign = _to_response(tx, [optimistic_locking.read_row(tx, Campaign, key, RESOURCE)], by.scope)[0]
        audit(tx, by, "create", "campaigns", key, now=now, label=changes.name, after=_audit_fields(campaign),
              skills=skills_of(tx, Campaign, key))  # fmt: skip
        bump_version(tx)
        effects = impact_of.effects(campaign_id=key)
        if not dry_run:
            tx.commit()
    return campaign, effects


@retried
def update(
    database: Database, key: int, changes: CampaignChanges, by: CurrentUser, now: datetime, *, dry_run: bool
) -> tuple[CampaignView, impact.Effects]:
    """The campaign (of a dry run as it still is), and what the change does to booked callbacks.

    Raises `not_found`, `stale_version`, and what `create` raises.
    """
    values = {**_values(changes), "sync_state": "pending"}
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, Campaign, key, RESOURCE, visible(by.scope, Campaign))
        skills = require_changeable(tx, by.scope, Campaign, key)
        campaign_before = _to_response(tx, [before], by.scope)[0]
        _check_skills(tx, changes.skills, key, by.scope)
        impact_of = impact.ImpactAnalysis(tx, [], now, dry_run=dry_run)
        optimistic_locking.update_row(tx, Campaign, before, values, by=by, now=now)
        _set_skills(tx, key, changes.skills)
        campaign = _to_response(tx, [optimistic_locking.read_row(tx, Campaign, key, RESOURCE)], by.scope)[0]
        audit(tx, by, "update", "campaigns", key, now=now, label=changes.name, before=_audit_fields(campaign_before),
              after=_audit_fields(campaign), skills=skills | skills_of(tx, Campaign, key))  # fmt: skip
        bump_version(tx)
        effects = impact_of.effects(campaign_id=key)
        if not dry_run:
            tx.commit()
    return campaign_before if dry_run else campaign, effects


@retried
def delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    """Raises `not_found`, `stale_version`, `in_use`."""
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, Campaign, key, RESOURCE, visible(by.scope, Campaign))
        skills = require_changeable(tx, by.scope, Campaign, key)
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, row))
        campaign = _to_response(tx, [row], by.scope)[0]
        tx.execute(delete_from(CampaignSkill).where(CampaignSkill.campaign_id == key))
        optimistic_locking.delete_row(tx, Campaign, row)
        audit(tx, by, "delete", "campaigns", key, now=now, label=row.name,
              before={**_audit_fields(campaign), "ucce_id": row.ucce_id}, skills=skills)  # fmt: skip
        bump_version(tx)
        tx.commit()


def _to_response(connection: Connection, rows: Sequence[Any], scope: Scope) -> list[CampaignView]:
    served: dict[int, list[CampaignSkillView]] = {}
    statement = (
        select(*CampaignSkill.__table__.columns, Skill.name.label("skill"))
        .join(Skill, Skill.id == CampaignSkill.skill_id)
        .where(CampaignSkill.campaign_id.in_([row.id for row in rows]), *visible(scope, Skill))
        .order_by(Skill.name)
    )
    for row in connection.execute(statement):
        served.setdefault(row.campaign_id, []).append(from_row(CampaignSkillView, row))
    return [from_row(CampaignView, row, skills=served.get(row.id, [])) for row in rows]


def _values(changes: CampaignChanges) -> dict[str, Any]:
    """The columns of the campaign's own row that `changes` sets."""
    return {field.name: getattr(changes, field.name) for field in fields(changes) if field.name != "skills"}


def _audit_fields(campaign: CampaignView) -> dict[str, Any]:
    audited = ("dialed_number", "ivr_route_point", "ivr_ports", "abandoned_route_point")
    skills = {
        skill.skill: {name: value for name in audited if (value := getattr(skill, name))} for skill in campaign.skills
    }
    return {**{name: getattr(campaign, name) for name in _AUDITED_COLUMNS}, "skills": skills}


def _check_skills(tx: Connection, skills: Sequence[CampaignSkillChanges], own: int | None, scope: Scope) -> None:
    """Each exists for the person, stands here once, and serves no other campaign: UCCE allows a skill group in one only
    (1.3)."""
    skill_ids = [skill.skill_id for skill in skills]
    existing = set(tx.execute(select(Skill.id).where(Skill.id.in_(skill_ids), *visible(scope, Skill))).scalars())
    taken = {
        row.skill_id: row.name
        for row in tx.execute(
            select(CampaignSkill.skill_id, Campaign.name)
            .join(Campaign, Campaign.id == CampaignSkill.campaign_id)
            .where(CampaignSkill.skill_id.in_(skill_ids), CampaignSkill.campaign_id != (own or 0))
        )
    }
    errors = {}
    for index, key in enumerate(skill_ids):
        if key not in existing:
            errors[f"skills.{index}.skillId"] = ["There is no such skill."]
        elif key in skill_ids[:index]:
            errors[f"skills.{index}.skillId"] = ["This skill stands here twice."]
        elif key in taken:
            errors[f"skills.{index}.skillId"] = [f"The campaign {taken[key]} serves this skill; UCCE allows only one."]
    if errors:
        raise InvalidInput(errors)


def _set_skills(tx: Connection, key: int, skills: Sequence[CampaignSkillChanges]) -> None:
    tx.execute(delete_from(CampaignSkill).where(CampaignSkill.campaign_id == key))
    tx.execute(insert(CampaignSkill), [{**asdict(skill), "campaign_id": key} for skill in skills])


def _referenced_by(tx: Connection, row: Any) -> list[str]:
    key = row.id
    names = tx.execute(select(Skill.name).where(Skill.default_campaign_id == key).order_by(Skill.name)).scalars()
    references = [f"skill {name!r} as its default" for name in names]
    for statement, what in (
        (select(Pool.id).where(Pool.campaign_id == key), "a schedule of this campaign"),
        (select(Callback.account_number).where(Callback.campaign_id == key), "callbacks booked for it"),
        (select(Attempt.contact_key).where(Attempt.campaign_id == key), "contacts handed over to it"),
    ):
        if tx.execute(statement.limit(1)).first() is not None:
            references.append(what)
    if row.ucce_id is not None and row.hold != "not_ours" and (row.enabled or row.applied_version != row.version):
        references.append("UCCE: disable it first and wait until it is in sync")
    return references
