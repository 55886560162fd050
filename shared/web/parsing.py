"""How arguments are read from a request: strictly, and whatever its Content-Type says."""

import functools
import json
from typing import Any

from flask import Request, current_app
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge


class Parser(FlaskParser):
    """Reads a body as JSON whatever its Content-Type says: CVP's REST element sends what its script was told."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - as webargs has it

    def load_querystring(self, req: Request, schema: Any) -> Any:
        """The query's parameters: a list for those that may repeat, else the first value."""
        several = _repeatable(schema)
        return {name: values if name in several else values[0] for name, values in req.args.lists()}

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body; an empty one is an object without fields. Malformed JSON ends the request with 400."""
        raw = raw_body(req)
        if not raw:
            return {}
        try:
            return strict_json(raw)
        except ValueError:
            error = ValidationError({"json": ["The body is not valid JSON."]})
            return self.handle_error(error, req, schema, error_status_code=400, error_headers=None)


@functools.cache
def _repeatable(schema: Schema) -> frozenset[str]:
    return frozenset(
        field.data_key or name for name, field in schema.load_fields.items() if isinstance(field, fields.List)
    )


def raw_body(req: Request) -> bytes:
    """The raw body. Whatever the server says of one that it cannot read (chunks that are none, an early end) is 400."""
    limit: int = current_app.config["MAX_CONTENT_LENGTH"]
    req.max_content_length = limit + 1  # Werkzeug cuts a chunked body there without a word: one byte more tells
    try:
        raw = req.get_data(cache=True)
    except HTTPException:
        raise
    except Exception as error:
        raise BadRequest from error
    if len(raw) > limit:
        raise RequestEntityTooLarge
    return raw


def strict_json(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no duplicate names (which of the two did the caller mean?).

    Raises ValueError, also for bytes that are no text, numbers too long to be one, and nesting too deep to be meant.
    """
    try:
        return json.loads(raw, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate name")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(name)
