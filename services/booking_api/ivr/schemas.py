"""What the flat calls answer: strings and whole numbers at the top level, always the same fields."""

from enum import StrEnum
from typing import Any

from marshmallow import fields, validate

from shared.callbacks.personal import AgentOutcome, PersonalPolicy
from shared.callbacks.states import Status
from shared.web.openapi import ProblemSchema
from shared.web.schemas import ApiSchema, camel

MAX_SLOTS = 9  # one for each key of a telephone but 0
DATA = "data_"  # before each name of the call's data

_CODE = "`ok`, or with always200 the code of the refusal, as listed at the statuses below"

FLAT_DATA_SCHEMAS = ("Book", "FlatCallback")  # names in the OpenAPI document


# Longest values and examples of the answers' fields, for the table that IVR developers read (deploy/cvp/RESPONSES.md).
_INSTANT = {"maxLength": 25, "example": "2026-12-01T14:30:00-06:00"}
_YYYYMMDD = {"maxLength": 8, "example": "20261201"}
_HHMM = {"maxLength": 4, "example": "1430"}
_WORDS = {"maxLength": 100, "example": "Tuesday, December first, at two thirty P M"}
_NUMBER = {"maxLength": 26, "example": "01KBEXAMPLE0ACCOUNT0NUMBER"}
_PHONE = {"maxLength": 20, "example": "+13125550142"}
_ZONE = {"maxLength": 64, "example": "America/Chicago"}
_SKILL = {"maxLength": 64, "example": "Billing"}
_CAMPAIGN = {"maxLength": 64, "example": "Billing_Callback"}


def _text(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description, **more})


def _one_of(values: type[StrEnum], description: str) -> fields.String:
    """A field with one of `values`, or empty."""
    of = {"description": description, "example": next(iter(values)), "maxLength": max(map(len, values))}
    return fields.String(required=True, validate=validate.OneOf(["", *values]), metadata=of)


class FlatResultSchema(ApiSchema):
    result = _text(_CODE, maxLength=32, example="ok")
    message = _text("For the developer: what was wrong; empty with `ok`")


def _slot_fields(number: int) -> dict[str, fields.Field[Any]]:
    slot = f"slot{number}"
    return {
        f"{slot}_start": _text("With the offset of the pool's zone; empty for no slot", **_INSTANT),
        f"{slot}_date": _text("YYYYMMDD in the pool's zone", **_YYYYMMDD),
        f"{slot}_time": _text("HHMM in the pool's zone", **_HHMM),
        f"{slot}_customer_date": _text("YYYYMMDD in the stated zone, else the pool's", **_YYYYMMDD),
        f"{slot}_customer_time": _text("HHMM in the stated zone, else the pool's", **_HHMM),
        f"{slot}_spoken": _text("The customer's date and time in words", **_WORDS),
        f"{slot}_free": fields.Integer(
            required=True, metadata={"description": "Places left; 0 for no slot", "example": 3}
        ),
    }


SlotsSchema: Any = FlatResultSchema.from_dict(
    {
        "count": fields.Integer(
            required=True, metadata={"description": "How many slots are offered, 0 to 9", "example": 3}
        ),
        "offer_id": _text("Names this offer; empty when it is not remembered (no `callId`) or has no slots", **_NUMBER),
        **{name: field for number in range(1, MAX_SLOTS + 1) for name, field in _slot_fields(number).items()},
    },
    name="SlotsSchema",
)


class OfferedSchema(SlotsSchema):  # type: ignore[misc]
    skill = _text("As it is configured", **_SKILL)
    campaign = _text("As it is configured", **_CAMPAIGN)
    phone = _text("E.164", **_PHONE)
    slot_time_zone = _text("The pool's: that of Start, Date and Time", **_ZONE)
    spoken_time_zone = _text("As stated, else the pool's: that of CustomerDate, CustomerTime and Spoken", **_ZONE)
    next_from = _text("For `from`, to offer what comes after these; empty when nothing does", **_INSTANT)
    account_number = _text("With `duplicate_callback`: the open callback, if it may be named", **_NUMBER)


class FlatCallbackSchema(FlatResultSchema):
    account_number = _text(
        "Of the callback; with `duplicate_callback` that of the open one, if it may be named", **_NUMBER
    )
    status = _one_of(Status, "Of the callback")
    phone = _text("E.164", **_PHONE)
    start = _text("With the offset of the pool's zone", **_INSTANT)
    date = _text("YYYYMMDD of the start in the pool's zone", **_YYYYMMDD)
    time = _text("HHMM of the start in the pool's zone", **_HHMM)
    customer_date = _text("YYYYMMDD in the stated zone, else the pool's", **_YYYYMMDD)
    customer_time = _text("HHMM in the stated zone, else the pool's", **_HHMM)
    spoken = _text("The customer's date and time in words", **_WORDS)
    slot_start = _text("With the offset of the pool's zone", **_INSTANT)
    slot_end = _text("With the offset of the pool's zone", **_INSTANT)
    slot_time_zone = _text("The pool's: that of Start, Date and Time", **_ZONE)
    spoken_time_zone = _text("As stated, else the pool's: that of CustomerDate, CustomerTime and Spoken", **_ZONE)
    skill = _text("As it is configured", **_SKILL)
    campaign = _text("As it is configured", **_CAMPAIGN)
    time_zone = _text("As it was stated; empty when it was not", **_ZONE)
    customer_time_zone = _text("As stated, else by the number, else the pool's", **_ZONE)
    first_name = _text("Empty when not given", maxLength=50, example="Ada")
    last_name = _text("Empty when not given", maxLength=50, example="Lovelace")
    agent_id = _text("Empty unless the callback is personal", maxLength=32, example="1042")
    agent_policy = _one_of(PersonalPolicy, "What the script does when the agent does not become free")
    agent_wait_seconds = fields.Integer(required=True, metadata={"description": "0 unless the callback is personal"})
    agent_outcome = _one_of(AgentOutcome, "The end that was reported last")
    source = _text("The channel that booked it", maxLength=16, example="ivr")
    created_at = _text("With the offset of the pool's zone", **_INSTANT)


class ReportedSchema(FlatResultSchema):
    account_number = _text("Of the callback", **_NUMBER)
    status = _one_of(Status, "Where it stands after the report")
    agent_id = _text("The callback's agent", maxLength=32, example="1042")
    agent_outcome = _one_of(AgentOutcome, "What was reported")
    next_account_number = _text("After agent_unavailable that of the next call; else empty, as all below", **_NUMBER)
    next_start = _text("With the offset of the pool's zone", **_INSTANT)
    next_date = _text("YYYYMMDD in the pool's zone", **_YYYYMMDD)
    next_time = _text("HHMM in the pool's zone", **_HHMM)
    next_customer_date = _text("YYYYMMDD in the stated zone, else the pool's", **_YYYYMMDD)
    next_customer_time = _text("HHMM in the stated zone, else the pool's", **_HHMM)
    next_spoken = _text("The customer's date and time in words, to be said in this call", **_WORDS)


class BookedSchema(SlotsSchema, FlatCallbackSchema):  # type: ignore[misc]
    """Slots only where the time was refused."""


# A problem with `result`, and fresh slots as an offer has them where the time was refused.
VoiceProblemSchema: Any = ProblemSchema.from_dict(
    {
        camel(name): type(field)(metadata=field.metadata)
        for name, field in SlotsSchema._declared_fields.items()
        if name not in ProblemSchema._declared_fields
    },
    name="VoiceProblemSchema",
)
