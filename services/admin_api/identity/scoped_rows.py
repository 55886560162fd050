"""The rows that belong to the skills of a person (`scope`): conditions for reading them, and who may change one.

A campaign is seen by who sees one of its skills, and changed by who sees them all. Daily and weekly schedules belong to
the skills that follow them; those that are assigned to no skill are everybody's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from services.admin_api.identity.scope import Scope
from shared.db import skill_links
from shared.db.audit import skills_key
from shared.db.models import (
    AuditLog,
    Callback,
    Campaign,
    CampaignSkill,
    DailySchedule,
    Pool,
    Skill,
    SkillSchedule,
    WeeklySchedule,
)
from shared.errors import Code, DomainError

Condition = ColumnElement[bool]


def visible(scope: Scope, model: Any) -> list[Condition]:
    """The condition on rows of `model` that the person sees; none for who sees all skills."""
    return [_VISIBLE[model](scope)] if scope.is_limited else []


def require_changeable(tx: Connection, scope: Scope, model: Any, key: Any) -> frozenset[int]:
    """The skills that a row belongs to, of which the audit log tells. Raises `forbidden` when one is not the
    person's."""
    skills = skill_links.skills_of(tx, model, key)
    if not scope.includes(skills):
        raise DomainError(Code.FORBIDDEN, "This also concerns skills that are not yours.")
    return skills


def _campaigns(scope: Scope) -> Condition:
    return or_(
        Campaign.id.in_(select(CampaignSkill.campaign_id).where(*scope.of_skill(CampaignSkill.skill_id))),
        Campaign.id.in_(
            select(Skill.default_campaign_id).where(Skill.default_campaign_id.is_not(None), *scope.of_skill(Skill.id))
        ),
        Campaign.id.in_(select(Pool.campaign_id).where(Pool.campaign_id.is_not(None), *scope.of_skill(Pool.skill_id))),
    )


def _weekly_schedules(scope: Scope) -> Condition:
    assigned = (
        select(Pool.id)
        .join(SkillSchedule, SkillSchedule.pool_id == Pool.id)
        .where(SkillSchedule.weekly_schedule_id == WeeklySchedule.id)
        .correlate(WeeklySchedule)
    )
    return or_(~assigned.exists(), assigned.where(*scope.of_skill(Pool.skill_id)).exists())


def _daily_schedules(scope: Scope) -> Condition:
    using = (
        select(WeeklySchedule.id)
        .where(or_(*(day == DailySchedule.id for day in skill_links.DAYS)))
        .correlate(DailySchedule)
    )
    return or_(~using.exists(), using.where(_weekly_schedules(scope)).exists())


def _audit_rows(scope: Scope) -> Condition:
    """Rows about skills of the person and about no others: nothing is left of `skills` without them."""
    rest: Any = AuditLog.skills
    for skill in sorted(scope.skill_ids or ()):
        rest = func.replace(rest, skills_key([skill]), "")
    nothing_left: Condition = rest == ""
    return nothing_left


_VISIBLE: Mapping[Any, Callable[[Scope], Condition]] = {
    Skill: lambda scope: scope.of_skill(Skill.id)[0],
    Campaign: _campaigns,
    SkillSchedule: lambda scope: SkillSchedule.pool_id.in_(select(Pool.id).where(*scope.of_skill(Pool.skill_id))),
    WeeklySchedule: _weekly_schedules,
    DailySchedule: _daily_schedules,
    Callback: lambda scope: scope.of_skill(Callback.skill_id)[0],
    AuditLog: _audit_rows,
}
