"""Reading a do-not-call file: every line gives a number with its note, or says what is wrong with it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.admin_api.framework.csv_response import unescape_formula
from services.admin_api.framework.limits import MAX_IMPORT_LINES
from shared.callbacks.rules import phone_to_search
from shared.callbacks.settings import BusinessSettings
from shared.errors import DomainError, InvalidInput
from shared.text import clean_line

NOTE_LENGTH = 255
_DELIMITERS = (",", ";", "\t")
_NOT_TEXT = "Not UTF-8 text: save the file as CSV UTF-8."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file. Either `phone` (E.164) or `problem` is there; `note` None says nothing about the note."""

    number: int
    text: str
    phone: str | None = None
    note: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of a line that is not empty; `columns` is where `phone` and `note` stand."""

    number: int
    cells: list[str]
    columns: dict[str, int]
    delimiter: str


def text_of(raw: bytes) -> str:
    """The file as text. Raises a validation error for what is no UTF-8 text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": [_NOT_TEXT]}) from error
    if "\x00" in text:
        raise InvalidInput({"body": [_NOT_TEXT]})
    return text


def count_lines(text: str) -> int:
    """How many lines are not empty. Raises a validation error for a file that is no CSV, or has too many."""
    count = 0
    for _ in _records(text):
        count += 1
        if count > MAX_IMPORT_LINES:
            raise InvalidInput({"body": [f"More than {MAX_IMPORT_LINES} lines: split the file."]})
    return count


def lines_of(text: str, settings: BusinessSettings) -> Iterator[Line]:
    """The lines that are not empty, as many as `count_lines` says."""
    for record in _records(text):
        yield _line(record, settings)


def _records(text: str) -> Iterator[_Record]:
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[str, int] = {"phone": 0, "note": 1}
    for index, cells in enumerate(_rows(reader)):
        if index == 0:
            names = [clean_line(cell).lower() for cell in cells]
            if "phone" in names:
                columns = {name: names.index(name) for name in ("phone", "note") if name in names}
                continue
        if any(clean_line(cell) for cell in cells):
            yield _Record(reader.line_num, cells, columns, delimiter)


def _rows(reader: Any) -> Iterator[list[str]]:
    """The rows of a csv reader. Raises a validation error for a row that is no CSV."""
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInput({"body": [f"Line {reader.line_num} is not CSV."]}) from error


def _line(record: _Record, settings: BusinessSettings) -> Line:
    number, text = record.number, record.delimiter.join(record.cells)[:500]
    phone, note = _cell(record, "phone"), _cell(record, "note")
    if not phone:
        return Line(number, text, problem="There is no phone number on this line.")
    if note is not None and len(note.encode("utf-16-le")) > 2 * NOTE_LENGTH:
        return Line(number, text, problem=f"The note is longer than {NOTE_LENGTH} characters.")
    try:
        return Line(number, text, phone_to_search(settings, phone), note)
    except DomainError as error:
        return Line(number, text, problem=error.detail)


def _cell(record: _Record, name: str) -> str | None:
    index = record.columns.get(name)
    if index is None or index >= len(record.cells):
        return None
    return clean_line(unescape_formula(record.cells[index].strip())) or None
