"""CSV responses whose cells a spreadsheet reads as text, never as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Response

TYPE = "text/csv"
# A spreadsheet computes a cell that begins with one of these (OWASP, CSV injection), also in full width (Excel in
# Japanese) and behind blanks, which some trim. Where `;` separates cells (Excel in most of Europe), quotes within a
# line do not hold a text together, so that one may also begin behind a `;`, a tab or the end of a line.
# `+` begins every phone number: that one is escaped too, and read back by `unescape_formula`.
_FORMULA = "=+\\-@\t\r\n＝＋－＠﹦﹢﹣﹫−"
_BLANK = r"\s\x00-\x1f\x7f\xad\u180e\u200b-\u200f\u2060\ufeff"
_STARTS = rf"(?<![^;\t\r\n])(?=[{_BLANK}'\"]*[{_FORMULA}])"
_ESCAPE = re.compile(_STARTS)
_UNESCAPE = re.compile(rf"(?<![^;\t\r\n])'(?=[{_BLANK}'\"]*[{_FORMULA}])")


def escape_formula(value: Any) -> str | int | float:
    """A cell: a number as it is, everything else a text that no spreadsheet computes."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return value
    return _ESCAPE.sub("'", str(value))


def unescape_formula(text: str) -> str:
    """The text that `escape_formula` was given."""
    return _UNESCAPE.sub("", text)


def iter_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, a line at a time, every text quoted; the first names the columns."""
    for cells in chain([columns], rows):
        buffer = io.StringIO()
        csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC).writerow([escape_formula(cell) for cell in cells])
        yield buffer.getvalue()


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A file to download. The byte order mark tells Excel that it is UTF-8."""
    response = Response("\ufeff" + "".join(iter_csv(columns, rows)), content_type=f"{TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
