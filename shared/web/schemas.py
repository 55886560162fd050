"""Base schemas and the fields that the HTTP services share."""

import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.web.openapi import Blueprint

__all__ = ["ApiSchema", "Blueprint", "FreeText", "Length", "LocalDate", "Text", "camel"]


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


class Length(validate.Length):
    """A length as NVARCHAR columns count it: a character beyond the basic plane (an emoji) takes two places."""

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str) and not value.isascii():
            beyond = sum(character > "\uffff" for character in value)
            if self.max is not None and len(value) + beyond > self.max:
                raise ValidationError(f"Longer than {self.max} UTF-16 units.")
        return super().__call__(value)


class Text(fields.String):
    """A string without control characters: they have no place in a name and can hide in a log or an XML batch."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable():
            raise ValidationError("Contains control or invisible characters.")
        return text


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class FreeText(fields.String):
    """A string of a human's or another system's: with line breaks and typography, but nothing that no store holds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _UNSTORABLE.search(text):
            raise ValidationError("Contains control characters or half of a character.")
        return text


class LocalDate(fields.Date):
    """A date as `YYYY-MM-DD` and nothing else: Python would read `20261123` and `2026-W48-1` too."""

    _FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not (isinstance(value, str) and self._FORM.fullmatch(value)):
            raise ValidationError("Not a date such as 2026-11-23.")
        return super()._deserialize(value, attr, data, **kwargs)
