"""Which skills a row belongs to: whoever changes it changes something for each of them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, or_, select, union

from shared.db.models import (
    Callback,
    Campaign,
    CampaignSkill,
    DailySchedule,
    Pool,
    Skill,
    SkillSchedule,
    WeeklySchedule,
)

# The columns of a weekly schedule that name a daily one, Monday first.
DAYS = (
    WeeklySchedule.monday_id, WeeklySchedule.tuesday_id, WeeklySchedule.wednesday_id, WeeklySchedule.thursday_id,
    WeeklySchedule.friday_id, WeeklySchedule.saturday_id, WeeklySchedule.sunday_id,
)  # fmt: skip


def skills_of(connection: Connection, model: Any, key: Any) -> frozenset[int]:
    """The ids of the skills that a row belongs to; none for a schedule that is assigned to no skill."""
    return frozenset(connection.execute(_SKILLS_OF[model](key)).scalars())


def _of_campaign(key: int) -> Any:
    """Those that it serves, that have it as their default, and that have a schedule of their own in it."""
    return union(
        select(CampaignSkill.skill_id).where(CampaignSkill.campaign_id == key),
        select(Skill.id).where(Skill.default_campaign_id == key),
        select(Pool.skill_id).where(Pool.campaign_id == key),
    )


def _assigned() -> Select[int]:
    return select(Pool.skill_id).join(SkillSchedule, SkillSchedule.pool_id == Pool.id)


def _of_daily_schedule(key: int) -> Select[int]:
    weeks = select(WeeklySchedule.id).where(or_(*(day == key for day in DAYS)))
    return _assigned().where(SkillSchedule.weekly_schedule_id.in_(weeks))


_SKILLS_OF: Mapping[Any, Callable[[Any], Any]] = {
    Skill: lambda key: select(Skill.id).where(Skill.id == key),
    Campaign: _of_campaign,
    SkillSchedule: lambda key: _assigned().where(SkillSchedule.id == key),
    WeeklySchedule: lambda key: _assigned().where(SkillSchedule.weekly_schedule_id == key),
    DailySchedule: _of_daily_schedule,
    Callback: lambda key: select(Callback.skill_id).where(Callback.account_number == key),
}
