"""What goes over the wire about campaigns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from marshmallow import ValidationError, fields, validate, validates_schema

from services.admin_api.campaigns.parameter_schemas import CampaignParametersSchema
from services.admin_api.framework.fields import DataclassSchema, EditedSchema, Instant, Pattern, StringId, no_default
from services.admin_api.framework.paging import ListQuery, NamedQuery, PageSchema
from services.admin_api.schedules.impact import EffectsSchema
from shared.callbacks.calling_hours import CallingHours
from shared.callbacks.outcomes import RETRYABLE
from shared.callbacks.personal import MAX_AGENT_WAIT_MINUTES, PersonalPolicy
from shared.callbacks.retries import DEFAULT_DELAY_MINUTES, conflicts
from shared.web.schemas import CleanLines, Length, MaybeEmpty, NameText

SYNC_STATES = ("pending", "in_sync", "error")
HOLDS = ("not_ours", "switched_off")
HOLD_HELP = (
    "Why the master leaves the campaign in UCCE alone until somebody decides: not_ours (another campaign stands "
    "there), switched_off (somebody disabled it there); null: it does not"
)
_RESERVED = ("dnc", "none")
_ROUTE_POINT = "^[!-~]{1,%d}$"
_OWNER = (
    "True: UCCE calls again, by parameters.maxAttempts and parameters.retries. False: we do, by maxAttempts and "
    "retryDelays, inside the promised window; UCCE is then always sent maxAttempts 1."
)

_PERSONAL = (
    "What the script does with an answered personal callback whose agent does not become free within "
    "agentWaitMinutes. agentThenSkill: it queues the call to the skill. agentNextSlot: it reports agent_unavailable, "
    "and the customer is called again in the agent's next slot."
)
_CALLING_HOURS = (
    "Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until "
    "before callingHoursEnd customers may be called. Neither booked nor handed over outside"
)
_AGENT_WAIT = "How long the script waits for the agent of a personal callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSkillChanges:
    """A skill that a campaign is to serve."""

    skill_id: int
    dialed_number: str | None
    ivr_route_point: str | None
    ivr_ports: int
    abandoned_route_point: str | None
    overflow_agents: int
    records_to_cache: int


class CampaignSkillWriteSchema(DataclassSchema):
    loads = CampaignSkillChanges

    skill_id = StringId(required=True)
    dialed_number = fields.String(
        load_default=None,
        allow_none=True,
        validate=Pattern(r"^[A-Za-z0-9._]{1,10}$"),
        metadata={"description": "Runs the agent reservation script (1-10 letters, digits, . and _)"},
    )
    ivr_route_point = fields.String(
        load_default=None,
        allow_none=True,
        validate=Pattern(_ROUTE_POINT % 32),
        metadata={
            "description": "Where answered calls of an IVR campaign go, and machines where amdTreatmentMode says so"
        },
    )
    ivr_ports = fields.Integer(
        strict=True,
        load_default=0,
        validate=validate.Range(0, 10_000),
        metadata={"description": "How many calls at once the IVR takes for this skill; with 0 UCCE dials none"},
    )
    abandoned_route_point = fields.String(
        load_default=None,
        allow_none=True,
        validate=Pattern(_ROUTE_POINT % 10),
        metadata={"description": "Where a call goes for which no agent is free"},
    )
    overflow_agents = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 100))
    records_to_cache = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 400))


class CampaignSkillSchema(CampaignSkillWriteSchema):
    skill = fields.String(required=True)


def _not_reserved(name: str) -> None:
    if name.lower() in _RESERVED:
        raise ValidationError("UCCE keeps this name for itself.")


def _known_region(region: str) -> None:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValidationError("Not the ISO 3166 code of a country with phone numbers.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanges:
    """What a person may set of a campaign; `parameters` in Cisco's own names."""

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
    skills: Sequence[CampaignSkillChanges]


class CampaignWriteSchema(DataclassSchema):
    loads = CampaignChanges

    name = NameText(
        required=True,
        validate=[Pattern(r"^[A-Za-z0-9][A-Za-z0-9._]{0,31}$"), _not_reserved],
        metadata={"description": "At most 32 letters, digits, . and _, as UCCE wants it"},
    )
    description = CleanLines(load_default=None, allow_none=True, validate=Length(max=255))
    enabled = fields.Boolean(required=True, metadata={"description": "Takes bookings, and UCCE dials"})
    parameters = fields.Nested(CampaignParametersSchema, required=True)
    dial_prefix = fields.String(load_default="", validate=Pattern(r"^[0-9*#]{0,8}$"))
    dial_form = fields.String(required=True, validate=validate.OneOf(["national", "international"]))
    dial_region = fields.String(required=True, validate=_known_region)
    dial_international_prefix = MaybeEmpty(load_default="011", validate=Pattern(r"^[0-9*#]{0,8}$"))
    retries_by_ucce = fields.Boolean(load_default=False, metadata={"description": _OWNER})
    max_attempts = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(1, 20),
        metadata={"description": "How often we hand a callback over at most; 1 where UCCE retries"},
    )
    retry_delays = fields.Dict(
        keys=fields.String(validate=validate.OneOf(RETRYABLE)),
        values=fields.Integer(strict=True, validate=validate.Range(1, 1440)),
        load_default=dict,
        metadata={
            "description": f"Minutes until we hand it over again, by result ({DEFAULT_DELAY_MINUTES} where none are "
            f"given): {', '.join(RETRYABLE)}; empty where UCCE retries"
        },
    )
    max_hand_overs_per_cycle = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 10_000)
    )
    personal_callbacks = fields.String(
        load_default=PersonalPolicy.AGENT_THEN_SKILL.value,
        validate=validate.OneOf(list(PersonalPolicy)),
        metadata={"description": _PERSONAL},
    )
    agent_wait_minutes = fields.Integer(
        strict=True,
        load_default=2,
        validate=validate.Range(0, MAX_AGENT_WAIT_MINUTES),
        metadata={"description": _AGENT_WAIT},
    )
    calling_hours_start = fields.String(
        load_default=CallingHours().start,
        validate=Pattern(r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
        metadata={"description": _CALLING_HOURS, "example": "08:00"},
    )
    calling_hours_end = fields.String(
        load_default=CallingHours().end,
        validate=Pattern(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
        metadata={"description": f"{_CALLING_HOURS}. 24:00 is the end of the day", "example": "21:00"},
    )
    skills = fields.List(fields.Nested(CampaignSkillWriteSchema), required=True, validate=Length(1, 20))

    @validates_schema
    def check_calling_hours(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["calling_hours_start"] >= data["calling_hours_end"]:
            raise ValidationError("Must be later than the start.", "callingHoursEnd")

    @validates_schema
    def check_retries(self, data: Mapping[str, Any], **_: Any) -> None:
        found = conflicts(data["retries_by_ucce"], data["max_attempts"], data["retry_delays"], data["parameters"])
        if found:
            raise ValidationError({field: [message] for field, message in found.items()})

    @validates_schema
    def check_route_points(self, data: Mapping[str, Any], **_: Any) -> None:
        """UCCE dials nothing for a skill group of an IVR campaign without them (ucce/REFERENCE.md 1.3)."""
        parameters = data["parameters"]
        to_ivr = parameters.get("campaignPurposeType") == "ivrCampaign"
        machines = parameters.get("amdTreatmentMode") == "transferToIVRRoutePoint"
        errors = {}
        for index, skill in enumerate(data["skills"]):
            if (to_ivr or machines) and not skill.ivr_route_point:
                what = "An IVR campaign" if to_ivr else "To transfer machines UCCE"
                errors[f"skills.{index}.ivrRoutePoint"] = [f"{what} needs the route point of the IVR."]
            if to_ivr and skill.ivr_ports < 1:
                errors[f"skills.{index}.ivrPorts"] = [
                    "An IVR campaign needs one port at least: with 0 UCCE dials none."
                ]
        if errors:
            raise ValidationError(errors)


class CampaignSchema(EditedSchema):
    name = fields.String(required=True)
    description = fields.String(required=True, allow_none=True)
    enabled = fields.Boolean(required=True)
    parameters = fields.Nested(CampaignParametersSchema, required=True)
    dial_prefix = fields.String(required=True)
    dial_form = fields.String(required=True, validate=validate.OneOf(["national", "international"]))
    dial_region = fields.String(required=True)
    dial_international_prefix = fields.String(required=True)
    retries_by_ucce = fields.Boolean(required=True, metadata={"description": _OWNER})
    max_attempts = fields.Integer(required=True)
    retry_delays = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    max_hand_overs_per_cycle = fields.Integer(required=True, allow_none=True)
    personal_callbacks = fields.String(
        required=True, validate=validate.OneOf(list(PersonalPolicy)), metadata={"description": _PERSONAL}
    )
    agent_wait_minutes = fields.Integer(required=True, metadata={"description": _AGENT_WAIT})
    calling_hours_start = fields.String(required=True, metadata={"description": _CALLING_HOURS})
    calling_hours_end = fields.String(required=True, metadata={"description": _CALLING_HOURS})
    hands_over = fields.Boolean(required=True, metadata={"description": "The brake of this campaign"})
    skills = fields.List(fields.Nested(CampaignSkillSchema), required=True)
    sync_state = fields.String(required=True, validate=validate.OneOf(SYNC_STATES))
    sync_message = fields.String(required=True, allow_none=True)
    synced_at = Instant(required=True, allow_none=True)
    hold = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(HOLDS), metadata={"description": HOLD_HELP}
    )


class CampaignChangeSchema(CampaignSchema):
    effects = fields.Nested(EffectsSchema, required=True)


class CampaignPageSchema(PageSchema):
    items = fields.List(fields.Nested(CampaignSchema), required=True)


@dataclass(frozen=True, kw_only=True)
class CampaignsList(ListQuery):
    """The parameters of the list; `sync_state`: in this state only."""

    sync_state: str | None


class CampaignsQuery(NamedQuery):
    loads = CampaignsList
    sync_state = fields.String(load_default=no_default, validate=validate.OneOf(SYNC_STATES))
