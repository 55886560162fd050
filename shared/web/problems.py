"""Problem bodies (RFC 9457): the one table from the product's codes to HTTP, and the handlers that use it."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, json
from marshmallow import Schema, fields
from prometheus_client import Counter
from werkzeug.exceptions import HTTPException

from shared.errors import Code, DomainError
from shared.web.security_events import record_refusal

_log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

COUNT = Counter("cm_problems_total", "Problem bodies answered", ["code"])

# code → (HTTP status, title)
PROBLEMS: dict[Code, tuple[int, str]] = {
    Code.VALIDATION_ERROR: (422, "The request is not valid"),
    Code.UNAUTHORIZED: (401, "Authentication is needed"),
    Code.FORBIDDEN: (403, "Not allowed"),
    Code.NOT_FOUND: (404, "Not found"),
    Code.METHOD_NOT_ALLOWED: (405, "Method not allowed"),
    Code.NOT_ACCEPTABLE: (406, "Not acceptable"),
    Code.UNSUPPORTED_MEDIA_TYPE: (415, "Unsupported media type"),
    Code.BODY_TOO_LARGE: (413, "The request body is too large"),
    Code.RATE_LIMITED: (429, "Too many requests"),
    Code.IDEMPOTENCY_KEY_REUSED: (422, "Idempotency key reused"),
    Code.STALE_VERSION: (412, "Changed by somebody else"),
    Code.PRECONDITION_REQUIRED: (428, "If-Match is needed"),
    Code.IN_USE: (409, "In use"),
    Code.ALREADY_EXISTS: (409, "Already exists"),
    Code.GADGET_DISABLED: (403, "The gadget is off"),
    Code.BOOKING_CLOSED: (409, "Bookings are closed"),
    Code.UNKNOWN_SKILL: (404, "Unknown skill"),
    Code.UNKNOWN_CAMPAIGN: (404, "Unknown campaign"),
    Code.CAMPAIGN_NOT_AVAILABLE: (409, "Campaign not available"),
    Code.INVALID_PHONE: (422, "Invalid phone number"),
    Code.PHONE_NOT_ALLOWED: (422, "Phone number not allowed"),
    Code.DO_NOT_CALL: (422, "Do not call"),
    Code.INVALID_START: (422, "Invalid start"),
    Code.START_IN_PAST: (422, "Start in the past"),
    Code.OUTSIDE_BOOKING_WINDOW: (422, "Outside the booking window"),
    Code.UNKNOWN_OFFER: (404, "Unknown offer"),
    Code.DUPLICATE_CALLBACK: (409, "Duplicate callback"),
    Code.OUTSIDE_CALLING_HOURS: (409, "Outside the calling hours"),
    Code.NO_SLOT: (409, "No slot"),
    Code.SLOT_FULL: (409, "Slot full"),
    Code.UNKNOWN_CALLBACK: (404, "Unknown callback"),
    Code.NOT_RESCHEDULABLE: (409, "Not reschedulable"),
    Code.NOT_CANCELLABLE: (409, "Not cancellable"),
    Code.NOT_DISPATCHABLE: (409, "Not dispatchable"),
    Code.NOT_PERSONAL: (409, "Not personal"),
    Code.NOT_DIALED: (409, "Not dialed"),
    Code.ALREADY_REPORTED: (409, "Already reported"),
    Code.UNKNOWN_CALL: (404, "Unknown call"),
    Code.FINESSE_UNAVAILABLE: (503, "Finesse does not answer"),
    Code.NOT_MASTER: (409, "Not the master"),
    Code.INVALID_CREDENTIALS: (401, "Invalid credentials"),
    Code.LOGIN_REFUSED: (403, "Login refused"),
    Code.ACCOUNT_LOCKED: (401, "Invalid credentials"),
    Code.CSRF_FAILED: (403, "CSRF check failed"),
    Code.PASSWORD_CHANGE_REQUIRED: (403, "A new password is needed"),
    Code.MFA_REQUIRED: (401, "A code is needed"),
    Code.MFA_SETUP_REQUIRED: (403, "A second factor is needed"),
    Code.COUNT_CHANGED: (409, "The count changed"),
    Code.NOT_HELD: (409, "Nothing to decide"),
    Code.PHONE_HASH_KEY_MISSING: (409, "A setting is missing"),
    Code.TOO_MANY_JOBS: (409, "Too many jobs"),
    Code.WRONG_JOB_STATE: (409, "Not possible in this state"),
    Code.SERVICE_UNAVAILABLE: (503, "Service unavailable"),
    Code.GATEWAY_TIMEOUT: (504, "Gateway timeout"),
    Code.INTERNAL_ERROR: (500, "Internal error"),
}

_HTTP_CODES = {
    400: Code.VALIDATION_ERROR,
    401: Code.UNAUTHORIZED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    406: Code.NOT_ACCEPTABLE,
    413: Code.BODY_TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
    422: Code.VALIDATION_ERROR,
    429: Code.RATE_LIMITED,
    503: Code.SERVICE_UNAVAILABLE,
}


def problem(code: Code, detail: str, *, status: int | None = None, **extra: Any) -> Response:
    """A problem response; `extra` are further members of the body, `retryAfter` (seconds) becomes a header too."""
    usual, title = PROBLEMS[code]
    status = status or usual
    body = {
        "type": f"urn:campaign-manager:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": g.get("request_id"),
        **extra,
    }
    response = Response(json.dumps(body), status, content_type=MEDIA_TYPE)
    COUNT.labels(code).inc()
    if "retryAfter" in extra:
        response.headers["Retry-After"] = str(extra["retryAfter"])
    if status == 401:
        for challenge in g.get("challenges") or (current_app.config.get("AUTH_SCHEME", "ApiKey"),):
            response.headers.add("WWW-Authenticate", challenge)
    return response


def register_problems(app: Flask) -> None:
    """Turn every error into a problem body. No exception text ever reaches a client."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        record_refusal(error.code)
        return problem(error.code, error.detail, **error.extra)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        code, status, detail, extra = describe(error)
        response = problem(code, detail, status=status, **extra)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    def defect(error: Exception) -> Response:
        _log.exception("unexpected_error", exc_info=error)
        return problem(Code.INTERNAL_ERROR, "Something went wrong on our side. The request id helps us find it.")


_DETAILS = {
    Code.VALIDATION_ERROR: "Some fields are not valid.",
    Code.NOT_FOUND: "There is nothing at this address.",
    Code.METHOD_NOT_ALLOWED: "This address does not know this method; see the Allow header.",
}


def describe(error: DomainError | HTTPException) -> tuple[Code, int, str, Mapping[str, Any]]:
    """The code of a refusal, its status, its detail, and the further members of its body."""
    if isinstance(error, DomainError):
        return error.code, PROBLEMS[error.code][0], error.detail, error.extra
    code = code_of(error)
    return code, error.code or 500, _detail(code), _field_errors(error)


def code_of(error: HTTPException) -> Code:
    """The code of an error that the framework raised. A status that the table lacks counts as the client's mistake."""
    status = error.code or 500
    return _HTTP_CODES.get(status, Code.VALIDATION_ERROR if status < 500 else Code.INTERNAL_ERROR)


def _detail(code: Code) -> str:
    if code is Code.BODY_TOO_LARGE:
        return f"The request body is larger than {current_app.config['MAX_CONTENT_LENGTH'] // 1024} KiB."
    return _DETAILS.get(code, PROBLEMS[code][1] + ".")


def _field_errors(error: HTTPException) -> dict[str, Any]:
    """Marshmallow's messages as `errors`: one flat map from a field's path to its messages."""
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    if not isinstance(messages, dict):
        return {}
    flat: dict[str, list[str]] = {}
    for location in messages.values():
        _flatten("", location, error.data.get("schema"), flat)  # type: ignore[attr-defined]
    return {"errors": flat}


def _flatten(path: str, messages: Any, field: Any, flat: dict[str, list[str]]) -> None:
    """`field` is the schema or the field that the messages are about: only it tells `value` from a field so named."""
    if not isinstance(messages, dict):
        flat.setdefault(path or "body", []).extend(map(str, messages if isinstance(messages, list) else [messages]))
        return
    for name, inner in messages.items():
        inside = f"{path}.{name}".strip(".")
        if isinstance(field, fields.Mapping) and isinstance(inner, dict):  # {"key": what is wrong with it, "value": …}
            for part, messages_of_part in inner.items():
                _flatten(inside, messages_of_part, field.value_field if part == "value" else None, flat)
        elif name == "_schema":
            _flatten(path, inner, field, flat)
        else:
            _flatten(inside, inner, _within(field, name), flat)


def _within(field: Any, name: Any) -> Any:
    """The field of this name (for a list: at this place) inside a schema or field; None where there is no such one."""
    if isinstance(field, fields.List):
        return field.inner
    schema = field.schema if isinstance(field, fields.Nested) else field
    inner_fields = schema.fields if isinstance(schema, Schema) else {}
    return next((one for one in inner_fields.values() if one.data_key == name), None)
