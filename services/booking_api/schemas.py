"""What goes over the wire of the booking API."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.callbacks.agent_outcome import ReportedEnd
from shared.callbacks.availability import Availability, serialise_availability
from shared.callbacks.booking_request import BookingRequest
from shared.callbacks.calling_hours import zone_named
from shared.callbacks.lookup import CallbackView
from shared.callbacks.personal import AgentOutcome, PersonalPolicy
from shared.callbacks.states import Status
from shared.db.columns import truncate_utf16
from shared.web.schemas import (
    ApiSchema,
    CleanText,
    FreeText,
    Integer,
    Length,
    LocalDate,
    NameText,
    PhoneParameter,
    Text,
)

MAX_CALL_DATA_ENTRIES = 40
MAX_CALL_DATA_BYTES = 8 * 1024
MAX_KEY_LENGTH = 128
MAX_NAME_LENGTH = 50  # UTF-16 units of a first or a last name, as the dialer's contacts have them


def not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("Must not be blank.")


class PersonName(CleanText):
    """What a person is called: cleaned, and cut to what UCCE takes. Never a reason to refuse."""

    def __init__(self, example: str) -> None:
        metadata = _about(f"Cut after {MAX_NAME_LENGTH} characters", example)
        super().__init__(load_default=None, allow_none=True, metadata=metadata)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return truncate_utf16(super()._deserialize(value, attr, data, **kwargs), MAX_NAME_LENGTH).rstrip()


class ZoneName(Text):
    """An IANA zone, in any case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = zone_named(super()._deserialize(value, attr, data, **kwargs).strip())
        if name is None:
            raise ValidationError("Not a time zone that is known. Send an IANA name such as America/Chicago.")
        return name


def _about(description: str, example: Any) -> dict[str, Any]:
    return {"description": description, "example": example}


def _instant(description: str | None = None) -> fields.String:
    """An instant in an answer: ISO 8601 with the offset of the pool's zone."""
    said = {"description": description} if description else {}
    return fields.String(required=True, metadata={"format": "date-time", **said})


def request_id_field() -> Text:
    return Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, MAX_KEY_LENGTH),
        metadata=_about("The same as the header Idempotency-Key", "4D5A7B9C0001-1"),
    )


class AvailabilityQuery(ApiSchema):
    days = Integer(load_default=3, validate=validate.Range(1, 14))
    date = fields.List(
        LocalDate(),
        load_default=[],
        validate=Length(max=3),
        metadata={"description": "Up to 3 local dates instead of the next business days"},
    )
    campaign = NameText(load_default=None, validate=Length(1, 64))
    call_id = Text(load_default=None, validate=Length(1, 64))
    phone = PhoneParameter(
        load_default=None,
        validate=Length(1, 64),
        metadata={"description": "Count only what this number can book: it must be one that is called, and the "
                  "calling hours are kept where it is"},
    )  # fmt: skip
    time_zone = ZoneName(
        load_default=None,
        metadata={"description": "Keep the calling hours in this zone (IANA) too; the stricter counts"},
    )
    detail = fields.String(load_default="counts", validate=validate.OneOf(["counts", "slots"]))


class AvailabilityOfSkillQuery(AvailabilityQuery):
    skill = NameText(required=True, validate=Length(1, 64))


class SlotSchema(ApiSchema):
    start = _instant("The first minute that can still be booked")
    end = _instant("The end of the last one")
    available = fields.Integer(required=True)


class DaySchema(ApiSchema):
    date = fields.Date(required=True)
    available = fields.Integer(required=True)
    slots = fields.List(fields.Nested(SlotSchema), metadata={"description": "Only with detail=slots"})


class AvailabilitySchema(ApiSchema):
    skill = fields.String(required=True)
    campaign = fields.String(required=True)
    time_zone = fields.String(required=True, metadata={"description": "Of the slots; instants are shown in it"})
    customer_time_zone = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the number or as stated; null when the question has neither"},
    )
    available = fields.Integer(required=True)
    days = fields.List(fields.Nested(DaySchema), required=True)


class BookingRequestSchema(ApiSchema):
    phone = FreeText(
        required=True,
        validate=[Length(1, 64), not_blank],
        metadata=_about(
            "As the caller gave it, but without letters; without a country code it is of the default region",
            "(312) 555-0142",
        ),
    )
    start = Text(
        required=True,
        validate=[Length(1, 64), not_blank],
        metadata=_about("ISO 8601; without an offset it is local time", "2026-11-23T09:10:00-06:00"),
    )
    skill = NameText(required=True, validate=Length(1, 64), metadata={"example": "Billing"})
    campaign = NameText(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata=_about("The skill's default campaign when left out", "Billing_Callback"),
    )
    call_id = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata=_about("Ties the requests of one call together", "4D5A7B9C0001"),
    )
    call_data = fields.Dict(
        keys=Text(validate=validate.Length(1, 64)),
        values=FreeText(validate=validate.Length(max=1000)),
        load_default=dict,
        allow_none=True,
        metadata=_about(f"At most {MAX_CALL_DATA_ENTRIES} entries and 8 KiB together", {"customerId": "A-77"}),
    )
    first_name = PersonName("Ada")
    last_name = PersonName("Lovelace")
    agent_id = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 32),
        metadata=_about("Makes the callback personal: for this agent", "1042"),
    )
    time_zone = ZoneName(
        load_default=None,
        allow_none=True,
        metadata=_about(
            "The customer's zone (IANA), when it is known: calling hours are kept in it as well as where the number is",
            "America/Denver",
        ),
    )
    request_id = request_id_field()

    @validates_schema
    def check_call_data(self, data: dict[str, Any], **_: Any) -> None:
        call_data = data.get("call_data") or {}
        if len(call_data) > MAX_CALL_DATA_ENTRIES:
            raise ValidationError(f"At most {MAX_CALL_DATA_ENTRIES} entries.", "callData")
        if sum(len(name.encode()) + len(value.encode()) for name, value in call_data.items()) > MAX_CALL_DATA_BYTES:
            raise ValidationError("At most 8 KiB together.", "callData")


class CallbackSchema(ApiSchema):
    account_number = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(Status)))
    phone = fields.String(required=True, metadata={"description": "E.164"})
    start = _instant()
    slot_start = _instant()
    slot_end = _instant()
    skill = fields.String(required=True)
    campaign = fields.String(required=True)
    call_data = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    agent_id = fields.String(
        required=True, allow_none=True, metadata={"description": "The agent of a personal callback; null: of no agent"}
    )
    agent_policy = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(list(PersonalPolicy)),
        metadata={
            "description": "What to do with the answered call when the agent does not become free in agentWaitSeconds. "
            "agentThenSkill: queue it to the skill. agentNextSlot: report agent_unavailable and tell the customer when "
            "the next call comes. null: the callback is of no agent"
        },
    )
    agent_wait_seconds = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How long to queue the call to the agent at most"}
    )
    agent_outcome = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(list(AgentOutcome)),
        metadata={"description": "The end that was reported last"},
    )
    time_zone = fields.String(required=True, allow_none=True, metadata={"description": "As it was stated"})
    customer_time_zone = fields.String(
        required=True, metadata={"description": "As stated, else by the number, else the slot's"}
    )
    source = fields.String(required=True)
    created_at = _instant()


class CallbacksSchema(ApiSchema):
    callbacks = fields.List(fields.Nested(CallbackSchema), required=True)
    total = fields.Integer(required=True)


class CallbacksQuery(ApiSchema):
    phone = PhoneParameter(required=True, validate=Length(1, 64))
    status = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "all", *Status]),
        metadata={"description": "A status, `open` (scheduled, importing or imported) or `all`"},
    )


class RescheduleSchema(ApiSchema):
    start = Text(required=True, validate=[Length(1, 64), not_blank])
    request_id = request_id_field()


AGENT_OUTCOME = (
    "agent: the customer spoke with the agent. skill: the call went to the skill after the wait. agent_unavailable: "
    "the customer is to be called again in the agent's next slot"
)


class AgentOutcomeSchema(ApiSchema):
    outcome = fields.String(
        required=True,
        validate=validate.OneOf(list(AgentOutcome)),
        metadata=_about(AGENT_OUTCOME, "skill"),
    )


class ReportedEndSchema(ApiSchema):
    account_number = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(Status)))
    agent_id = fields.String(required=True)
    agent_outcome = fields.String(required=True, validate=validate.OneOf(list(AgentOutcome)))
    next_account_number = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "After agent_unavailable the follow-up, or the callback itself if it was moved; else null"
        },
    )
    next_start = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date-time", "description": "When the next call comes, in the pool's zone"},
    )


class OfferSchema(ApiSchema):
    skill = NameText(required=True, validate=Length(1, 64))
    campaign = NameText(load_default=None, allow_none=True, validate=Length(1, 64))
    call_id = Text(load_default=None, allow_none=True, validate=Length(1, 64))
    outcome = fields.String(required=True, validate=validate.OneOf(["declined", "abandoned"]))


def booking_request_of(body: Mapping[str, Any]) -> BookingRequest:
    """The request in a loaded BookingRequestSchema; its key (`request_id`) is not part of it."""
    values = {name: value for name, value in body.items() if name != "request_id"}
    return BookingRequest(**{**values, "call_data": body["call_data"] or {}})


def callback_body(callback: CallbackView) -> dict[str, Any]:
    """A callback as clients see it: always the same fields, flat, instants in the pool's zone."""
    zone = callback.zone
    return {
        "accountNumber": callback.account_number,
        "status": callback.status,
        "phone": callback.phone,
        "start": callback.start.astimezone(zone).isoformat(),
        "slotStart": callback.slot_start.astimezone(zone).isoformat(),
        "slotEnd": callback.slot_end.astimezone(zone).isoformat(),
        "skill": callback.skill,
        "campaign": callback.campaign,
        "callData": callback.call_data,
        "firstName": callback.first_name,
        "lastName": callback.last_name,
        "agentId": callback.agent_id,
        "agentPolicy": callback.agent_policy,
        "agentWaitSeconds": callback.agent_wait_seconds,
        "agentOutcome": callback.agent_outcome,
        "timeZone": callback.time_zone,
        "customerTimeZone": callback.customer_zone.key,
        "source": callback.source,
        "createdAt": callback.created_at.astimezone(zone).isoformat(timespec="seconds"),
    }


def reported_end_body(end: ReportedEnd) -> dict[str, Any]:
    """What a report is answered with."""
    return {
        "accountNumber": end.callback.account_number,
        "status": end.callback.status,
        "agentId": end.callback.agent_id,
        "agentOutcome": end.outcome,
        "nextAccountNumber": end.next and end.next.account_number,
        "nextStart": end.next and end.next.start.astimezone(end.next.zone).isoformat(),
    }


def availability_body(result: Availability, detail: str) -> dict[str, Any]:
    """The answer to an availability question; slots only when asked for."""
    days = []
    for day in result.days:
        shown_day: dict[str, Any] = {"date": day.date.isoformat(), "available": day.available}
        if detail == "slots":
            shown_day["slots"] = [serialise_availability(slot, result.zone) for slot in day.slots]
        days.append(shown_day)
    return {
        "skill": result.skill.name,
        "campaign": result.campaign.name,
        "timeZone": result.zone.key,
        "customerTimeZone": result.customer_zone.key if result.customer_zone else None,
        "available": result.available,
        "days": days,
    }
