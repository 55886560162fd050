"""What the flat calls are asked: parameters, and bodies that may be forms."""

import json
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from services.booking_api.ivr.schemas import DATA, MAX_SLOTS
from services.booking_api.ivr.spoken import SPOKEN
from services.booking_api.schemas import AGENT_OUTCOME, BookingRequestSchema, ZoneName, not_blank, request_id_field
from shared.callbacks.personal import AgentOutcome
from shared.web.schemas import ApiSchema, Integer, Length, NameText, PhoneParameter, PhoneText, Text

_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)


class Language(fields.String):
    """`en` or `es`; a region behind it (`es-MX`) and capitals do not matter."""

    def __init__(self) -> None:
        super().__init__(
            load_default=None,
            allow_none=True,
            metadata={"description": f"Of the words in `Spoken`: {' or '.join(SPOKEN)}; en when left out"},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        language = re.split("[-_]", text.strip())[0].lower()
        if language not in SPOKEN:
            raise ValidationError(f"Must be one of: {', '.join(SPOKEN)}.")
        return language


class From(fields.String):
    """A date (2026-11-24 or 20261124), or a date and time as in `slot1Start`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip()
        date = _DATE.fullmatch(text)
        return f"{'-'.join(date.groups())}T00:00" if date else text


def call_id_field() -> Text:
    return Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "Ties the requests of one call together: an offer is remembered by it"},
    )


ALWAYS_200_DESCRIPTION = (
    "Answer refusals as 200 with `result`; as the API client is set up when left out. Authentication and rate limits "
    "(401, 403, 429) keep their status."
)


class VoiceQuery(ApiSchema):
    always_200 = fields.Boolean(load_default=None, metadata={"description": ALWAYS_200_DESCRIPTION})
    language = Language()


class OfferQuery(VoiceQuery):
    skill = NameText(required=True, validate=Length(1, 64))
    phone = PhoneParameter(required=True, validate=[Length(1, 64), not_blank])
    call_id = call_id_field()
    campaign = NameText(load_default=None, validate=Length(1, 64))
    time_zone = ZoneName(
        load_default=None,
        metadata={
            "description": "The customer's zone (IANA), when it is known: calling hours are kept in it as well as "
            "where the number is, and Spoken and Customer… are of it. A booking by number takes it over"
        },
    )
    max = Integer(load_default=3, validate=validate.Range(1, MAX_SLOTS), metadata={"description": "Slots at most"})
    start_from = From(
        data_key="from",
        load_default=None,
        validate=Length(1, 64),
        metadata={
            "description": "Offer what starts then or later: `nextFrom` of the offer before, a `slotNStart`, a date"
        },
    )
    part = fields.String(
        load_default=None,
        validate=validate.OneOf(["morning", "afternoon"]),
        metadata={"description": "Only slots before noon, or only those from noon on"},
    )


def account_field() -> Text:
    return Text(
        required=True,
        validate=[Length(1, 64), not_blank],
        metadata={"description": "BAAccountNumber, with or without the attempt's suffix"},
    )


class CallbackQuery(VoiceQuery):
    account = account_field()


class FlatDataSchema(ApiSchema):
    """A body with `data_<name>` fields, which become the `callData` of a booking."""

    @pre_load
    def gather_data(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        body = {name: value for name, value in data.items() if not name.startswith(DATA)}
        flat = {name.removeprefix(DATA): _as_text(value) for name, value in data.items()
                if name.startswith(DATA) and value not in ("", None)}  # fmt: skip
        nested = body.get("callData") or {}
        if flat and isinstance(nested, Mapping):
            body["callData"] = {**nested, **flat}
        return body


def _as_text(value: Any) -> Any:
    """A number or a truth value as JSON writes it: templates quote some values and others not."""
    return json.dumps(value) if isinstance(value, int | float) else value


class BookSchema(FlatDataSchema, BookingRequestSchema):
    phone = PhoneText(required=True, validate=[Length(1, 64), not_blank])
    skill = NameText(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "Needed with `start`; with `slot` it is that of the offer"},
    )
    start = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "A `slotNStart`, or any start, instead of `slot`"},
    )
    slot = Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MAX_SLOTS),
        metadata={"description": "Number of a slot of the call's offer; needs `callId`"},
    )
    offer_id = Text(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "The `offerId` whose slot is meant; the call's newest offer when left out"},
    )
    language = Language()


class DeclineSchema(ApiSchema):
    call_id = call_id_field()
    skill = NameText(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "That of the call's offer when left out"},
    )
    campaign = NameText(load_default=None, allow_none=True, validate=Length(1, 64))
    outcome = fields.String(
        load_default="declined",
        validate=validate.OneOf(["declined", "abandoned"]),
        metadata={"description": "`abandoned`: the caller hung up"},
    )
    request_id = request_id_field()


class AgentOutcomeBodySchema(ApiSchema):
    account = account_field()
    outcome = fields.String(
        required=True, validate=validate.OneOf(list(AgentOutcome)), metadata={"description": AGENT_OUTCOME}
    )
    language = Language()
