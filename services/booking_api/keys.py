"""The idempotency key of a request: a header, or for a booking also a field of the body."""

from typing import Any

from flask import request

from services.booking_api.schemas import KEY_LENGTH
from shared.errors import InvalidInput

HEADER = "Idempotency-Key"

PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH},
    "description": "A repeat with the same key gets the first answer again.",
}


def idempotency_key(in_body: str | None = None) -> str | None:
    """The header's key, else `in_body`; an empty header is none. Raises `validation_error`."""
    key = request.headers.get(HEADER) or in_body
    if key is not None and (len(key) > KEY_LENGTH or not key.isprintable()):
        raise InvalidInput({HEADER: [f"Must be 1 to {KEY_LENGTH} printable characters."]})
    return key
