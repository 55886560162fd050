"""Kinds of campaign fields: each reads a text and gives its canonical form, or raises FieldError."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from deploy.sandbox.ucce_simulator import errors

Reader = Callable[[str, str], str]


class FieldError(Exception):
    """One value is not acceptable; `error` says why."""

    def __init__(self, error: errors.ApiError) -> None:
        super().__init__(error.message)
        self.error = error


def boolean(name: str, value: str) -> str:
    if value not in ("true", "false"):
        raise FieldError(errors.not_boolean(name))
    return value


def integer(minimum: int, maximum: int) -> Reader:
    def read(name: str, value: str) -> str:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise FieldError(errors.bad_format(name, "This field must contain a whole number"))
        if not minimum <= int(value) <= maximum:
            raise FieldError(errors.out_of_range(name, minimum, maximum))
        return str(int(value))

    return read


def decimal(minimum: str, maximum: str) -> Reader:
    """A number with at most one decimal; it comes back with exactly one, as in Cisco's sample (3.0)."""

    def read(name: str, value: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise FieldError(errors.bad_format(name, "This field must contain a number")) from None
        if not number.is_finite() or not Decimal(minimum) <= number <= Decimal(maximum):
            raise FieldError(errors.out_of_range(name, minimum, maximum))
        if number != round(number, 1):
            raise FieldError(errors.bad_format(name, "This field must have at most one decimal"))
        return str(round(number, 1))

    return read


def text(maximum: int, pattern: str = "", rule: str = "") -> Reader:
    def read(name: str, value: str) -> str:
        if len(value) > maximum:
            raise FieldError(errors.too_long(name, maximum))
        if pattern and not re.fullmatch(pattern, value):
            raise FieldError(errors.bad_format(name, rule))
        return value

    return read


def one_of(*values: str) -> Reader:
    def read(name: str, value: str) -> str:
        if value not in values:
            raise FieldError(errors.bad_format(name, f"This field must be one of {', '.join(values)}"))
        return value

    return read


def date(name: str, value: str) -> str:
    try:
        return datetime.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=datetime.UTC).strftime("%Y-%m-%d")
    except ValueError:
        raise FieldError(errors.bad_format(name, "This field must be a date, YYYY-MM-DD")) from None


def clock_time(name: str, value: str) -> str:
    if not re.fullmatch(r"\d\d:\d\d", value):
        raise FieldError(errors.bad_format(name, "This field must be a time, HH:MM"))
    if value[:2] > "23" or value[3:] > "59":
        raise FieldError(errors.out_of_range(name, "00:00", "23:59"))
    return value
