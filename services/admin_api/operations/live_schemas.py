"""What goes over the wire about the system as it is now."""

from dataclasses import dataclass

from marshmallow import fields, validate

from services.admin_api.campaigns.campaign_schemas import HOLDS
from services.admin_api.framework.fields import DataclassSchema, Instant, StringId, no_default
from shared.callbacks.states import FINAL, OPEN, Status
from shared.web.schemas import ApiSchema

_IN_ORDER = [status for status in Status if status in OPEN], [status for status in Status if status in FINAL]


def _counts(name: str, statuses: list[Status]) -> type[ApiSchema]:
    return type(name, (ApiSchema,), {str(status): fields.Integer(required=True) for status in statuses})


OpenCountsSchema = _counts("OpenCountsSchema", _IN_ORDER[0])
TodayCountsSchema = _counts("TodayCountsSchema", list(Status))


class LiveSlotSchema(ApiSchema):
    start = Instant(required=True)
    capacity = fields.Integer(required=True, metadata={"description": "0: booked before the schedule changed"})
    booked = fields.Integer(required=True)


class LivePoolSchema(ApiSchema):
    """Today, in the pool's zone: of a skill, or of a campaign with the skill where that has its own schedule."""

    skill_id = StringId(required=True)
    skill = fields.String(required=True)
    campaign_id = StringId(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    time_zone = fields.String(required=True)
    date = fields.Date(required=True)
    capacity = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    slots = fields.List(fields.Nested(LiveSlotSchema), required=True)


class MasterSchema(ApiSchema):
    node = fields.String(required=True, allow_none=True, metadata={"description": "null: nobody was ever master"})
    epoch = fields.Integer(required=True)
    since = Instant(required=True, allow_none=True)
    alive = fields.Boolean(required=True, metadata={"description": "It was heard of lately"})
    last_cycle_at = Instant(required=True, allow_none=True)
    last_cycle = fields.String(required=True, allow_none=True, metadata={"description": "One sentence"})
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "What keeps it from its work, and what to do"}
    )


class UcceSchema(ApiSchema):
    reachable = fields.Boolean(required=True, allow_none=True, metadata={"description": "null: not known"})
    last_error = fields.String(required=True, allow_none=True, metadata={"description": "Its own words"})
    last_error_at = Instant(required=True, allow_none=True)


class PausedSchema(ApiSchema):
    id = StringId(required=True)
    name = fields.String(required=True)


class HeldCampaignSchema(PausedSchema):
    hold = fields.String(required=True, validate=validate.OneOf(HOLDS))
    held_at = Instant(required=True, metadata={"description": "When it was first seen"})
    sync_message = fields.String(required=True, metadata={"description": "What is known of it"})


class BrakesSchema(ApiSchema):
    """What goes on: false is braked. Single skills and campaigns that are braked are named."""

    accept_bookings = fields.Boolean(required=True)
    hand_over = fields.Boolean(required=True)
    hand_over_stopped_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who switched it off for everything: `user:`, `client:` or, by itself, `worker:`…"},
    )
    paused_skills = fields.List(fields.Nested(PausedSchema), required=True)
    paused_campaigns = fields.List(fields.Nested(PausedSchema), required=True)


class BrakesWriteSchema(ApiSchema):
    """At least one of both. Without skillId and campaignId for everything; with one for that only."""

    accept_bookings = fields.Boolean()
    hand_over = fields.Boolean()
    skill_id = StringId(metadata={"description": "With acceptBookings"})
    campaign_id = StringId(metadata={"description": "With handOver"})


class LiveSchema(ApiSchema):
    at = Instant(required=True)
    open = fields.Nested(OpenCountsSchema, required=True, metadata={"description": "Open callbacks by state"})
    today = fields.Nested(
        TodayCountsSchema,
        required=True,
        metadata={"description": "Callbacks whose time lies within today in the default time zone, by state"},
    )
    overdue = fields.Integer(
        required=True, metadata={"description": "Scheduled callbacks that should have been handed over by now"}
    )
    without_result = fields.Integer(
        required=True, metadata={"description": "Callbacks that UCCE has had for longer than a result should take"}
    )
    pools = fields.List(fields.Nested(LivePoolSchema), required=True)
    master = fields.Nested(MasterSchema, required=True)
    ucce = fields.Nested(UcceSchema, required=True)
    campaigns_not_in_sync = fields.Integer(required=True)
    held_campaigns = fields.List(
        fields.Nested(HeldCampaignSchema),
        required=True,
        metadata={"description": "Left alone in UCCE, and handed nothing, until somebody decides"},
    )
    brakes = fields.Nested(BrakesSchema, required=True)


@dataclass(frozen=True, slots=True)
class LiveFilters:
    """Which pools the live view lists, and whether each with its slots."""

    slots: bool
    skill_id: int | None


class LiveQuery(DataclassSchema):
    loads = LiveFilters
    slots = fields.Boolean(load_default=True, metadata={"description": "false: the pools' totals only"})
    skill_id = StringId(load_default=no_default, metadata={"description": "Pools of this skill only"})
