"""Bodies as JSON or as a form: voice applications send either, and not always with the right Content-Type."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Request
from marshmallow import ValidationError

from shared.web.parsing import Parser, raw_body
from shared.web.schemas import PhoneText

MAX_FIELDS = 200


class FormParser(Parser):
    """What begins as a JSON value is one; anything else is a form if it says so or looks like one."""

    def load_json(self, req: Request, schema: Any) -> Any:
        raw = raw_body(req)
        if raw.lstrip()[:1] in (b"{", b"[", b"") or (req.mimetype != FORM and b"=" not in raw):
            return super().load_json(req, schema)
        try:
            form = read_form(raw)
        except ValueError:
            error = ValidationError({"json": ["The body is neither valid JSON nor a form with each field once."]})
            return self.handle_error(error, req, schema, error_status_code=400, error_headers=None)
        return {name: _with_plus(value) if isinstance(schema.fields.get(name), PhoneText) else value
                for name, value in form.items()}  # fmt: skip


FORM = "application/x-www-form-urlencoded"


def read_form(raw: bytes) -> dict[str, str]:
    """Raises ValueError for bytes that are no text and for names that come twice."""
    pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    form = dict(pairs)
    if len(form) != len(pairs):
        raise ValueError("duplicate name")
    return form


def _with_plus(phone: str) -> str:
    """The + of +1312… that was sent unescaped arrives as a space."""
    return "+" + phone.lstrip() if phone.startswith(" ") else phone
