"""Base schemas and the fields that the HTTP services share."""

import functools
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from shared.text import clean_line, clean_lines
from shared.web.openapi import Blueprint

__all__ = [
    "ApiSchema", "Blueprint", "CleanLines", "CleanText", "Float", "FreeText", "Integer", "Length", "LocalDate",
    "MaybeEmpty", "NameText", "PhoneParameter", "PhoneText", "Text", "camel",
]  # fmt: skip


def camel(name: str) -> str:
    """`call_data` as clients write it: `callData`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


class ApiSchema(Schema):
    """camelCase outside, snake_case inside; unknown fields are refused; `""` in an optional field counts as absent."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.data_key = camel(field_obj.data_key or field_name)

    @pre_load
    def leave_out_what_is_empty(self, data: Any, **_: Any) -> Any:
        """Scripts and forms send every field they know, and `""` in those that have no value."""
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if not self._is_absent(name, value)}

    def _is_absent(self, name: str, value: Any) -> bool:
        field = self._optional.get(name)
        if field is None or isinstance(field, MaybeEmpty):
            return False
        if isinstance(field, Text | CleanText):
            return isinstance(value, str) and field.is_blank(value)
        return value == "" or (value == [""] and isinstance(field, fields.List))

    @functools.cached_property
    def _optional(self) -> Mapping[str, fields.Field[Any]]:
        return {field.data_key or name: field for name, field in self.load_fields.items() if not field.required}


class MaybeEmpty(fields.String):
    """An optional string whose `""` means something else than its absence."""


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

    def is_blank(self, text: str) -> bool:
        """Whether nothing can be seen of `text`."""
        return not text.strip()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable():
            raise ValidationError("Contains control or invisible characters.")
        return text


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class FreeText(fields.String):
    """Text of a person or another system: line breaks and typography are kept, unstorable characters refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _UNSTORABLE.search(text):
            raise ValidationError("Contains control characters or half of a character.")
        return text


class CleanText(fields.String):
    """One line that a person wrote: a name, a note, text to look for. What is cosmetic is cleaned, never refused."""

    def is_blank(self, text: str) -> bool:
        """Whether nothing can be seen of `text`."""
        return not clean_line(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return clean_line(super()._deserialize(value, attr, data, **kwargs))


class CleanLines(CleanText):
    """A description of several lines, cleaned as they are."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return clean_lines(fields.String._deserialize(self, value, attr, data, **kwargs))


class NameText(CleanText):
    """The name of something that is looked up by it: cleaned, but control characters are a mistake."""

    def is_blank(self, text: str) -> bool:
        return super().is_blank(text) and not _UNSTORABLE.search(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise ValidationError("Contains control characters or half of a character.")
        return super()._deserialize(value, attr, data, **kwargs)


class PhoneText(FreeText):
    """A phone number in a body. In a form (parsing.py) an unescaped + arrives as a space, as in a query."""


class PhoneParameter(PhoneText):
    """A phone number in a query: the + of +1312… that was sent unescaped arrives as a space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return "+" + text.lstrip() if text.startswith(" ") else text


class Integer(fields.Integer):
    """A whole number in plain digits: Python would read `1_0`, ` 3` and digits of every script too."""

    _FORM = re.compile(r"-?[0-9]{1,18}", re.ASCII)

    def _validated(self, value: Any) -> int:
        if isinstance(value, str) and not self._FORM.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Float(fields.Float):
    """A number in plain digits, as Integer; no exponent."""

    _FORM = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)

    def _validated(self, value: Any) -> float:
        if isinstance(value, str) and not self._FORM.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class LocalDate(fields.Date):
    """A date as `YYYY-MM-DD` and nothing else: Python would read `20261123` and `2026-W48-1` too."""

    _FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not (isinstance(value, str) and self._FORM.fullmatch(value)):
            raise ValidationError("Not a date such as 2026-11-23.")
        return super()._deserialize(value, attr, data, **kwargs)
