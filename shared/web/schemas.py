"""Base schemas and the blueprint that reads arguments our way."""

import json
from typing import Any

from flask import Request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser


def camel(name: str) -> str:
    """`call_data` as clients write it: `callData`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


class ApiSchema(Schema):
    """camelCase outside, snake_case inside; unknown fields are refused."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.data_key = camel(field_obj.data_key or field_name)


class Text(fields.String):
    """A string without control characters: they have no place in a name and can hide in a log or an XML batch."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable():
            raise ValidationError("Contains control or invisible characters.")
        return text


class ProblemSchema(Schema):
    """RFC 9457. Further members by code: `errors`, `alternatives`, `accountNumber`, `retryAfter`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    requestId = fields.String(required=True)  # noqa: N815


class _Parser(FlaskParser):
    """Reads a body as JSON whatever its Content-Type says: CVP's REST element sends what its script was told."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012

    def load_json(self, req: Request, schema: Any) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            return {}
        try:
            return _strict_json(raw)
        except ValueError:
            error = ValidationError({"json": ["The body is not valid JSON."]})
            return self.handle_error(error, req, schema, error_status_code=400, error_headers=None)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """flask-smorest's, with our way of reading arguments."""

    ARGUMENTS_PARSER = _Parser()


def _strict_json(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no duplicate names (which of the two did the caller mean?)."""

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("duplicate name")
        return found

    def no_constant(name: str) -> Any:
        raise ValueError(name)

    return json.loads(raw, object_pairs_hook=no_duplicates, parse_constant=no_constant)
