"""The bodies of the flat calls, and how their refusals are answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, g, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.exceptions import HTTPException

from services.booking_api.ivr.offers import Offer
from services.booking_api.ivr.request_schemas import ALWAYS_200_DESCRIPTION
from services.booking_api.ivr.schemas import DATA, MAX_SLOTS, FlatCallbackSchema
from services.booking_api.ivr.spoken import SPOKEN
from services.booking_api.schemas import callback_body, reported_end_body
from shared.callbacks.agent_outcome import ReportedEnd
from shared.callbacks.lookup import CallbackView
from shared.errors import DomainError
from shared.web.json_response import json_response
from shared.web.problems import COUNT, describe, problem

V = TypeVar("V", bound=Callable[..., Any])

ALWAYS_200: dict[str, Any] = {
    "in": "query",
    "name": "always200",
    "schema": {"type": "boolean"},
    "description": ALWAYS_200_DESCRIPTION,
}
_BOOLEAN = fields.Boolean()


def blank_of(schema: type[Schema]) -> dict[str, Any]:
    """The fields of a schema without values: `""`, and 0 for a number."""
    return {
        field.data_key or name: 0 if isinstance(field, fields.Integer) else ""
        for name, field in schema().dump_fields.items()
    }


_NO_CALLBACK = blank_of(FlatCallbackSchema)


def flat(schema: type[Schema]) -> Callable[[V], V]:
    """Answer the refusals of a view as problems with `result`, or as 200 with the fields of `schema`, all of them."""
    blank = blank_of(schema)

    def decorator(view: V) -> V:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Response:
            try:
                response: Response = view(*args, **kwargs)
            except (DomainError, HTTPException) as error:
                return _refused(error, blank)
            if always_200():
                response.status_code = 200
            return response

        return run  # type: ignore[return-value]

    return decorator


def always_200() -> bool:
    """Whether this request wants refusals as 200: by its parameter, else as its API client is set up."""
    try:
        return _BOOLEAN.deserialize(request.args.get("always200", ""))
    except ValidationError:
        return bool(g.get("always_200"))


def offer_body(offer: Offer) -> dict[str, Any]:
    """An OfferedSchema."""
    return {
        **ok(),
        **slots_body(offer),
        "skill": offer.skill,
        "campaign": offer.campaign,
        "phone": offer.phone,
        "slotTimeZone": offer.zone.key,
        "spokenTimeZone": offer.spoken_zone.key,
        "nextFrom": _iso(offer.next_from, offer.zone),
        "accountNumber": "",
    }


def slots_body(offer: Offer | None) -> dict[str, Any]:
    """The fields of all nine slots, whether there are as many or not."""
    body: dict[str, Any] = {"count": len(offer.slots) if offer else 0, "offerId": offer.id if offer else ""}
    for number in range(1, MAX_SLOTS + 1):
        slot = offer.slots[number - 1] if offer and number <= len(offer.slots) else None
        at, zone, spoken_zone, language = (
            (slot.start, offer.zone, offer.spoken_zone, offer.language) if offer and slot else (None, None, None, "")
        )
        moment = _moment(at, zone, spoken_zone, language)
        body |= {f"slot{number}{name}": value for name, value in moment.items()}
        body[f"slot{number}Free"] = slot.available if slot else 0
    return body


def flat_callback(callback: CallbackView, language: str) -> dict[str, Any]:
    """A FlatCallbackSchema, without the call's data.

    The words are of the stated zone alone: what a number tells is enough to let nobody be called at night, and not to
    name a time by.
    """
    spoken_zone = _spoken_zone(callback)
    moment = _moment(callback.start, callback.zone, spoken_zone, language)
    own = {name: value for name, value in callback_body(callback).items() if name != "callData" and value is not None}
    return {
        **_NO_CALLBACK,
        **ok(),
        **own,
        **{name[0].lower() + name[1:]: value for name, value in moment.items()},
        "slotTimeZone": callback.zone.key,
        "spokenTimeZone": spoken_zone.key,
    }


def reported_body(end: ReportedEnd, language: str) -> dict[str, Any]:
    """A ReportedSchema."""
    then = end.next
    at, zone, spoken_zone = (then.start, then.zone, _spoken_zone(then)) if then else (None, None, None)
    moment = _moment(at, zone, spoken_zone, language)
    own = {name: "" if value is None else value for name, value in reported_end_body(end).items()}
    return {**ok(), **own, **{f"next{name}": value for name, value in moment.items()}}


def data_fields(call_data: Mapping[str, str]) -> dict[str, str]:
    """The call's data as `data_<name>` fields."""
    return {f"{DATA}{name}": value for name, value in call_data.items()}


def _spoken_zone(callback: CallbackView) -> ZoneInfo:
    return ZoneInfo(callback.time_zone) if callback.time_zone else callback.zone


def ok() -> dict[str, str]:
    """A FlatResultSchema of what went well."""
    return {"result": "ok", "message": ""}


def _moment(at: datetime | None, zone: ZoneInfo | None, spoken_zone: ZoneInfo | None, language: str) -> dict[str, str]:
    if at is None:
        return dict.fromkeys(("Start", "Date", "Time", "CustomerDate", "CustomerTime", "Spoken"), "")
    local, customers = at.astimezone(zone), at.astimezone(spoken_zone)
    return {
        "Start": local.isoformat(),
        "Date": f"{local:%Y%m%d}",
        "Time": f"{local:%H%M}",
        "CustomerDate": f"{customers:%Y%m%d}",
        "CustomerTime": f"{customers:%H%M}",
        "Spoken": SPOKEN[language](customers),
    }


def _iso(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat() if at else ""


def _refused(error: DomainError | HTTPException, blank: Mapping[str, Any]) -> Response:
    code, status, detail, extra = describe(error)
    errors: Mapping[str, list[str]] = extra.get("errors", {})
    message = " ".join([detail, *(f"{name}: {' '.join(said)}" for name, said in errors.items())])
    if not always_200():
        return problem(code, detail, status=status, **{**extra, "result": str(code), "message": message})
    COUNT.labels(code).inc()
    known = {name: value for name, value in extra.items() if name in blank}
    return json_response({**blank, **known, "result": str(code), "message": message})
