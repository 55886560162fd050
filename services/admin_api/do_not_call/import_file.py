"""Reading a do-not-call file: every line gives a number with its note, or says what is wrong with it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.admin_api.framework.csv_response import unescape_formula
from shared.callbacks.rules import phone_to_search
from shared.callbacks.settings import BusinessSettings
from shared.errors import DomainError, InvalidInput
from shared.text import clean_line

NOTE_LENGTH = 255
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file. Either `phone` (E.164) or `problem` is there; `note` None says nothing about the note."""

    number: int
    text: str
    phone: str | None = None
    note: str | None = None
    problem: str | None = None


def lines_of(raw: bytes, settings: BusinessSettings) -> list[Line]:
    """The lines that are not empty. Raises a validation error for what is no UTF-8 text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": ["Not UTF-8 text: save the file as CSV UTF-8."]}) from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[str, int] = {"phone": 0, "note": 1}
    lines = []
    for index, cells in enumerate(_rows(reader)):
        names = [clean_line(cell).lower() for cell in cells]
        if index == 0 and "phone" in names:
            columns = {name: names.index(name) for name in ("phone", "note") if name in names}
        elif any(names):
            lines.append(_line(reader.line_num, cells, columns, delimiter, settings))
    return lines


def _rows(reader: Any) -> Iterator[list[str]]:
    """The rows of a csv reader. Raises a validation error for a row that is no CSV."""
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInput({"body": [f"Line {reader.line_num} is not CSV."]}) from error


def _line(number: int, cells: list[str], columns: dict[str, int], delimiter: str, settings: BusinessSettings) -> Line:
    text = delimiter.join(cells)[:500]
    phone, note = _cell(cells, columns.get("phone")), _cell(cells, columns.get("note"))
    if not phone:
        return Line(number, text, problem="There is no phone number on this line.")
    if note is not None and len(note.encode("utf-16-le")) > 2 * NOTE_LENGTH:
        return Line(number, text, problem=f"The note is longer than {NOTE_LENGTH} characters.")
    try:
        return Line(number, text, phone_to_search(settings, phone), note)
    except DomainError as error:
        return Line(number, text, problem=error.detail)


def _cell(cells: list[str], index: int | None) -> str | None:
    if index is None or index >= len(cells):
        return None
    return clean_line(unescape_formula(cells[index].strip())) or None
