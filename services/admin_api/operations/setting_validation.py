"""Whether a value suits a setting: its kind and its range."""

import zoneinfo
from typing import Any

import phonenumbers

from services.admin_api.identity.roles import Role
from shared.callbacks.settings import described
from shared.errors import InvalidInput
from shared.phone import PREFIX

MAX_PREFIXES = 500


def validated(name: str, value: Any) -> Any:
    """The value as it is stored. Raises a validation error."""
    about = described()[name].metadata
    message = _CHECKS[about["kind"]](value, about)
    if message:
        raise InvalidInput({"value": [message]})
    return value


def _integer(value: Any, about: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "Must be a whole number."
    if not about["minimum"] <= value <= about["maximum"]:
        return f"Must be between {about['minimum']} and {about['maximum']}."
    return None


def _boolean(value: Any, _about: Any) -> str | None:
    return None if isinstance(value, bool) else "Must be true or false."


def _region(value: Any, _about: Any) -> str | None:
    valid = isinstance(value, str) and value in phonenumbers.SUPPORTED_REGIONS
    return None if valid else "Must be the ISO 3166 code of a country, such as US."


def _regions(value: Any, about: Any) -> str | None:
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        return "Must be a list of different countries."
    return next((message for item in value if (message := _region(item, about))), None)


def _prefixes(value: Any, _about: Any) -> str | None:
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        return "Must be a list of different prefixes."
    if len(value) > MAX_PREFIXES:
        return f"At most {MAX_PREFIXES} prefixes."
    wrong = [str(item)[:20] for item in value if not (isinstance(item, str) and PREFIX.fullmatch(item))]
    return f"{wrong[0]!r} is no prefix: + and up to 15 digits or dots, such as +1...976." if wrong else None


def _roles(value: Any, _about: Any) -> str | None:
    valid = isinstance(value, list) and len(set(map(str, value))) == len(value) and set(map(str, value)) <= set(Role)
    return None if valid else f"Must be a list of different roles: {', '.join(Role)}."


def _time_zone(value: Any, _about: Any) -> str | None:
    valid = isinstance(value, str) and value in zoneinfo.available_timezones()
    return None if valid else "Must be an IANA time zone such as America/Chicago."


_CHECKS = {
    "integer": _integer,
    "boolean": _boolean,
    "region": _region,
    "regions": _regions,
    "prefixes": _prefixes,
    "time_zone": _time_zone,
    "roles": _roles,
}
