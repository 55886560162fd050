"""Phone numbers: read as a caller writes them, kept as E.164, shown masked in logs."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

# Never dialled, whatever the settings say: they cost the centre or the caller, or must stay free.
_FORBIDDEN_TYPES = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.PAGER,
    }
)

_SUBSCRIBER_DIGITS = 9  # no emergency number anywhere has as many: longer ones need not be looked up


class InvalidPhone(ValueError):
    """Not a number that exists in any numbering plan."""


class PhoneNotAllowed(ValueError):
    """A real number that the centre does not call: its country or its type is excluded."""


def normalised(text: str, default_region: str, allowed_countries: Collection[str]) -> str:
    """`text` as E.164 (`+13125550142`).

    `default_region` is the ISO 3166 code assumed for numbers without a `+`; an empty `allowed_countries`
    allows all. Raises InvalidPhone or PhoneNotAllowed, whose text may be shown to a client.
    """
    number = _parsed(text, default_region)
    if _is_emergency(text, default_region):
        raise PhoneNotAllowed("Emergency and short service numbers are never called back.")
    kind = phonenumbers.number_type(number)  # asked once: the library looks the region up anew for each question
    if kind == PhoneNumberType.UNKNOWN:
        raise InvalidPhone("This is not a valid phone number for its region.")
    if number.extension:  # the dialer is given digits: whoever answers the main number would get the call
        raise InvalidPhone("A number with an extension can't be dialled. Send a direct number.")
    if kind in _FORBIDDEN_TYPES:
        raise PhoneNotAllowed("Premium-rate, shared-cost and service numbers are never called back.")
    if allowed_countries and phonenumbers.region_code_for_number(number) not in allowed_countries:
        raise PhoneNotAllowed("Numbers of this country are not called back.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(phone: str | None) -> str:
    """The last two digits only, for logs: `+13125550142` becomes `…42`."""
    return f"…{phone[-2:]}" if phone else "-"


def _parsed(text: str, default_region: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, default_region)
    except NumberParseException as error:
        raise InvalidPhone("This is not a phone number. Send digits, with +country code or in local form.") from error


def _is_emergency(text: str, region: str) -> bool:
    digits = phonenumbers.normalize_digits_only(text)
    return len(digits) < _SUBSCRIBER_DIGITS and phonenumbers.is_emergency_number(digits, region)
