"""CSV responses whose cells a spreadsheet reads as text, never as a formula."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Response
from sqlalchemy import Connection, Row, Select
from werkzeug.wsgi import FileWrapper

from shared import deadline
from shared.errors import InvalidInput

TYPE = "text/csv"
ROWS_AT_A_TIME = 1_000
IN_MEMORY_BYTES = 1024 * 1024  # of one file
BLOCK_BYTES = 64 * 1024
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


def stream(
    connection: Connection, statement: Select[*tuple[Any, ...]], most: int, field: str, advice: str
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a statement, some at a time. When they are more than `most`, raises a validation error of `field`."""
    rows = connection.execution_options(yield_per=ROWS_AT_A_TIME).execute(statement.limit(most + 1))
    for count, row in enumerate(rows, 1):
        if count > most:
            raise InvalidInput({field: [f"More than {most} rows: {advice}."]})
        yield row


class CsvFile:
    """A file made whole before its first byte is sent, on disk when it is large. `rows` is how many it has."""

    def __init__(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.rows = -1  # the first line names the columns
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
        try:
            self._file.write("\ufeff".encode())  # the byte order mark tells Excel that it is UTF-8
            for line in iter_csv(columns, rows):
                deadline.require(0)
                self._file.write(line.encode())
                self.rows += 1
        except BaseException:
            self._file.close()
            raise

    def response(self, name: str) -> Response:
        """The answer to download it by `name`."""
        length = self._file.tell()
        self._file.seek(0)
        body = FileWrapper(self._file, BLOCK_BYTES)
        response = Response(body, content_type=f"{TYPE}; charset=utf-8", direct_passthrough=True)
        response.content_length = length
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
