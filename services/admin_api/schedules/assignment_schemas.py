"""What goes over the wire about assignments of weekly schedules."""

import zoneinfo
from dataclasses import dataclass
from datetime import date

from marshmallow import ValidationError, fields

from services.admin_api.framework.fields import DataclassSchema, Day, EditedSchema, StringId, no_default
from services.admin_api.framework.paging import ListQuery, PageQuery, PageSchema, sort_field
from services.admin_api.schedules.impact import EffectsSchema
from shared.web.schemas import Length


def known_zone(name: str) -> None:
    """Raises a validation error for what is no IANA zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Not an IANA time zone such as America/Chicago.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentChanges:
    """What a person may set of an assignment; `campaign_id` None: the skill's own pool."""

    skill_id: int
    campaign_id: int | None
    time_zone: str
    weekly_schedule_id: int | None
    starts_on: date


class SkillScheduleWriteSchema(DataclassSchema):
    """`timeZone` belongs to the pool: it holds for all assignments of the same skill (and campaign)."""

    loads = AssignmentChanges

    skill_id = StringId(required=True)
    campaign_id = StringId(
        load_default=None, allow_none=True, metadata={"description": "Only where the campaign has its own places"}
    )
    time_zone = fields.String(required=True, validate=[Length(1, 64), known_zone])
    weekly_schedule_id = StringId(
        required=True, allow_none=True, metadata={"description": "null: no slots from then on"}
    )
    starts_on = Day(required=True)


class SkillScheduleSchema(EditedSchema):
    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    campaign_id = StringId(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    time_zone = fields.String(required=True)
    weekly_schedule_id = StringId(required=True, allow_none=True)
    weekly_schedule = fields.String(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    in_force = fields.Boolean(required=True, metadata={"description": "It holds today"})


class SkillScheduleChangeSchema(SkillScheduleSchema):
    effects = fields.Nested(EffectsSchema, required=True)


class SkillSchedulePageSchema(PageSchema):
    items = fields.List(fields.Nested(SkillScheduleSchema), required=True)


@dataclass(frozen=True, kw_only=True)
class SkillSchedulesList(ListQuery):
    """The parameters of the list; `skill_id`: of this skill only."""

    skill_id: int | None


class SkillSchedulesQuery(PageQuery):
    loads = SkillSchedulesList
    sort = sort_field("skill", "startsOn", "changedAt")
    skill_id = StringId(load_default=no_default)
