"""Fields and parameters that several resources share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Flask
from flask_smorest import Api
from marshmallow import ValidationError, fields, post_load, validate
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

from shared.web.schemas import ApiSchema, LocalDate

MAX_ID = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 2000, 2200


def no_default() -> None:
    """`load_default` of a parameter that may be left out. A plain None would document that `null` may be sent."""


class Pattern(validate.Regexp):
    """A regular expression for the whole text. marshmallow's own `$` would let a line break through at the end."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


class Day(LocalDate):
    """A date that calendars agree on: arithmetic with it cannot overflow."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Not between {FIRST_YEAR} and {LAST_YEAR}.")
        return day


class StringId(fields.String):
    """A key: a string outside, a number inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if (key := _key(text)) is None:
            raise ValidationError("Not an id.")
        return key


def _key(text: str) -> int | None:
    """The number of a key as clients send it, of ten digits at most; None for what no key is."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else None
    return number if number is not None and number <= MAX_ID else None


class Instant(fields.AwareDateTime):
    """An instant, ISO 8601 with offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)


class DataclassSchema(ApiSchema):
    """What is loaded becomes a frozen dataclass, `loads`, which has a field for each of the schema's own."""

    loads: ClassVar[type[Any]]

    @post_load
    def to_dataclass(self, data: Mapping[str, Any], **_: Any) -> Any:
        return self.loads(**data)


class EditedSchema(ApiSchema):
    """What every edited resource shows beside its own fields; `version` is its ETag."""

    id = StringId(required=True)
    version = fields.Integer(required=True)
    changed_at = Instant(required=True)
    changed_by = fields.String(required=True, allow_none=True)


class RefSchema(ApiSchema):
    """Another resource, by id and name."""

    id = StringId(required=True)
    name = fields.String(required=True)


class _KeyConverter(BaseConverter):
    """A key in a path. Anything else is 404, whatever the method.

    A converter that does not match would leave the path to the portal's pages, which answer 405 to other methods.
    """

    def to_python(self, value: str) -> int:
        if (key := _key(value)) is None:
            raise NotFound
        return key

    def to_url(self, value: int) -> str:
        return str(value)


def register_key_converter(app: Flask, api: Api) -> None:
    """Let routes say `<key:id>`; documents show a string."""
    app.url_map.converters["key"] = _KeyConverter
    api.register_converter(_KeyConverter, lambda _: {"type": "string", "pattern": "^[0-9]+$"})
