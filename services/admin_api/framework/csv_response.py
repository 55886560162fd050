"""CSV responses whose cells a spreadsheet reads as text, never as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Response

TYPE = "text/csv"
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection). `+` begins every phone number: that one
# is escaped too, and read back by `unescape_formula`.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def escape_formula(value: Any) -> str:
    """A cell's text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def unescape_formula(text: str) -> str:
    """The text that `escape_formula` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def iter_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, a line at a time; the first names the columns."""
    for cells in chain([columns], rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerow([escape_formula(cell) for cell in cells])
        yield buffer.getvalue()


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A file to download. The byte order mark tells Excel that it is UTF-8."""
    response = Response("\ufeff" + "".join(iter_csv(columns, rows)), content_type=f"{TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
