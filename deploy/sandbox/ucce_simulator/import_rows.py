"""The rows of an import (ucce/REFERENCE.md 1.5.2): allowed columns and their values. Every bad value is reported."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from deploy.sandbox.ucce_simulator import errors

MAX_ROWS = 10_000
PHONE_COLUMNS = tuple(f"Phone{number:02}" for number in range(1, 11))
COLUMNS = ("AccountNumber", "FirstName", "LastName", *PHONE_COLUMNS, "TimeZoneBias", "DstObserved")
_PHONE = re.compile(r"[0-9#*]{1,20}").fullmatch
_WHOLE = re.compile(r"-?\d{1,4}").fullmatch


@dataclass(slots=True)
class Row:
    """One contact as imported. `phones` maps "01".."10" to the number; `bias` is in minutes, Windows sense."""

    account_number: str
    first_name: str
    last_name: str
    phones: dict[str, str]
    bias: int | None
    dst: bool


def _account(value: str) -> str:
    # Assumption: bytes of UTF-8.
    return "is longer than 30 bytes" if len(value) > 7 and len(value.encode()) > 30 else ""


def _name(value: str) -> str:
    return "is longer than 50 characters" if len(value) > 50 else ""


def _phone(value: str) -> str:
    return "" if _PHONE(value) else "must contain only digits, # and *, at most 20 bytes"


def _bias(value: str) -> str:
    return "" if _WHOLE(value) and -780 <= int(value) <= 720 else "must be a whole number from -780 to 720"


def _dst(value: str) -> str:
    return "" if value in ("true", "false") else "must be true or false"


_CHECKS: dict[str, Callable[[str], str]] = {
    "AccountNumber": _account,
    "FirstName": _name,
    "LastName": _name,
    "TimeZoneBias": _bias,
    "DstObserved": _dst,
    **dict.fromkeys(PHONE_COLUMNS, _phone),
}


def read(content: str, delimiter: str) -> tuple[list[Row], list[errors.ApiError]]:
    """The good rows of `content`, and the errors of the others. Raises RefusedError (400) when all of it is malformed.

    Space around a line does not count (Cisco's own sample indents them) and empty lines are skipped.
    """
    lines = [line for line in (raw.strip() for raw in content.split("\n")) if line]
    if not lines:
        raise errors.RefusedError(400, errors.required("fileContent"))
    header = [column.strip() for column in lines[0].split(delimiter)]
    if problems := _check_header(header):
        raise errors.RefusedError(400, problems)
    if not 1 <= len(lines) - 1 <= MAX_ROWS:  # Assumption: a header alone is refused too
        raise errors.RefusedError(400, errors.out_of_range("fileContent", 1, MAX_ROWS))
    return _read_lines(header, lines[1:], delimiter)


def _check_header(header: list[str]) -> list[errors.ApiError]:
    problems = []
    for column in header:
        if column not in COLUMNS:
            problems.append(errors.bad_format("fileContent", f"Unknown column in the header: {column}"))
        elif header.count(column) > 1:
            problems.append(errors.bad_format("fileContent", f"Column stands twice in the header: {column}"))
    if not any(column in PHONE_COLUMNS for column in header):
        problems.append(errors.required("Phone01"))
    if "DstObserved" in header and "TimeZoneBias" not in header:
        problems.append(errors.required("TimeZoneBias"))
    return problems


def _read_lines(header: list[str], lines: list[str], delimiter: str) -> tuple[list[Row], list[errors.ApiError]]:
    rows, problems = [], []
    checks = [(column, _CHECKS[column]) for column in header]
    width = len(header)
    for number, line in enumerate(lines, start=1):
        cells = line.split(delimiter)
        if len(cells) != width:  # Assumption: nothing is filled up or cut off
            problems.append(errors.bad_format("fileContent", f"Row {number} has {len(cells)} values, not {width}"))
            continue
        faults = [
            (column, fault)
            for (column, check), value in zip(checks, cells, strict=True)
            if value and (fault := check(value))
        ]
        row = dict(zip(header, cells, strict=True))
        faults += _check_row(row)
        problems += [errors.bad_format(column, f"Row {number}: {column} {fault}") for column, fault in faults]
        if not faults:
            rows.append(_row(row))
    return rows, problems


def _check_row(row: dict[str, str]) -> list[tuple[str, str]]:
    faults = []
    if row.get("DstObserved") and not row.get("TimeZoneBias"):
        faults.append(("TimeZoneBias", "is required where DstObserved is given"))
    if not any(row.get(column) for column in PHONE_COLUMNS):
        faults.append(("Phone01", "is required: the row has no phone number"))
    return faults


def _row(row: dict[str, str]) -> Row:
    bias = row.get("TimeZoneBias")
    return Row(
        row.get("AccountNumber", ""),
        row.get("FirstName", ""),
        row.get("LastName", ""),
        {column[5:]: row[column] for column in PHONE_COLUMNS if row.get(column)},
        int(bias) if bias else None,
        row.get("DstObserved") == "true",
    )
