"""How requests ended, malformed ones too: recorded for the report of requests, counted for Prometheus.

The end of a well-formed booking is recorded where it is decided (shared/callbacks/booking.py), in its transaction.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, request
from marshmallow import ValidationError
from prometheus_client import Counter
from werkzeug.exceptions import HTTPException

from services.booking_api.dependencies import request_log
from services.booking_api.form_parser import read_form
from shared.callbacks.request_log import request_values
from shared.errors import DomainError, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.parsing import strict_json
from shared.web.problems import code_of
from shared.web.schemas import Length, NameText

V = TypeVar("V", bound=Callable[..., Any])

BOOKINGS = Counter("cm_bookings_total", "Booking requests by their end: scheduled, repeated, or a code", ["outcome"])

_NAME = NameText(validate=Length(1, 64))


def record_refusals(view: V) -> V:
    """Record the requests of `view` that its schema refuses; the rate limits have counted them already."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except (HTTPException, InvalidInput) as error:
            code = error.code if isinstance(error, DomainError) else code_of(error)
            record_outcome(code, **_readable(kwargs))
            raise

    return run  # type: ignore[return-value]


def count_outcome(view: V) -> V:
    """Count how each booking request ended."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Response:
        try:
            response: Response = view(*args, **kwargs)
        except HTTPException as error:
            BOOKINGS.labels(code_of(error)).inc()
            raise
        except DomainError as refusal:
            BOOKINGS.labels(refusal.code).inc()
            raise
        BOOKINGS.labels("scheduled" if response.status_code == 201 else "repeated").inc()
        return response

    return run  # type: ignore[return-value]


def record_outcome(outcome: str, **names: Any) -> None:
    """Record a request that books nothing; the request log writes it within half a second."""
    now = dependencies().now()
    request_log().put(request_values(now, outcome, source=g.caller.source, api_client_id=g.caller.client_id, **names))


def name_or_none(value: Any) -> str | None:
    """`value` if it can be the name of a skill, a campaign or a call, else None: nothing else may be stored."""
    try:
        name: str | None = _NAME.deserialize(value)
    except ValidationError:
        return None
    return name


def _readable(path: dict[str, Any]) -> dict[str, str | None]:
    """Skill, campaign and call of a malformed request, each None where it is not well-formed."""
    body = None
    for read in (strict_json, read_form):
        try:
            body = read(request.get_data())
            break
        except (ValueError, HTTPException):
            continue
    provided = {**request.args, **path, **(body if isinstance(body, dict) else {})}
    names = {"skill": "skill", "campaign": "campaign", "call_id": "callId"}
    return {column: name_or_none(provided.get(field)) for column, field in names.items()}
