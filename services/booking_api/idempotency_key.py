"""The idempotency key of a request: a header, or the field `requestId` of the body."""

from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException

from services.booking_api.schemas import MAX_KEY_LENGTH
from shared.errors import InvalidInput
from shared.web.parsing import strict_json

HEADER = "Idempotency-Key"

PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH},
    "description": "A repeat with the same key gets the first answer again.",
}


def request_id_of_body() -> str | None:
    """The `requestId` of a body that may hold anything else, or nothing. Raises `validation_error`."""
    try:
        body = strict_json(request.get_data())
    except (ValueError, HTTPException):
        return None
    request_id = body.get("requestId") if isinstance(body, dict) else None
    if request_id is not None and not isinstance(request_id, str):
        raise InvalidInput({"requestId": ["Not a valid string."]})
    return request_id


def idempotency_key(in_body: str | None = None) -> str | None:
    """The header's key, else `in_body`; an empty header is none. Raises `validation_error`."""
    key = request.headers.get(HEADER) or in_body or None
    if key is not None and (len(key) > MAX_KEY_LENGTH or not key.isprintable()):
        raise InvalidInput({HEADER: [f"Must be 1 to {MAX_KEY_LENGTH} printable characters."]})
    return key
