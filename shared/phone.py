"""Phone numbers: read as a caller writes them, kept as E.164, shown masked in logs.

What a number is and whether it may be called is decided here, once: `parse_phone` for what is only looked up or kept
(a search, the do-not-call list), `callable_phone` for what will be dialled.
"""

import functools
import re
from collections.abc import Sequence
from typing import Protocol

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from shared.text import clean_line

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

# One form for the settings' lists: `+`, the country code and further digits; a dot stands for any one digit.
PREFIX = re.compile(r"\+[1-9][0-9.]{0,14}", re.ASCII)

# A number of the North American plan of which no longer prefix is known (toll-free, a new area code) may be anywhere
# from Guam to Bermuda: that tells nothing.
_NO_PLACE = "1"

_NORTH_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}", re.ASCII)  # the library's general form lets exchanges begin with 0

# Seven digits or more, as people write numbers; a date is none.
_WRITTEN_NUMBER = re.compile(
    r"(?P<date>(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)(?:[T ][0-2]\d:[0-5]\d)?)"
    r"|[+(]{0,2}\d(?:[^\w,;:]{0,3}\d){6,}"
)

# What exchanges send as the calling number of a caller who has none: these words on a telephone's keypad.
_WORDS = ("anonymous", "anonymoous", "blocked", "outofarea", "private", "restricted", "unavailable", "unknown",
          "withheld")  # fmt: skip
_NO_DIGITS = re.compile(r"\D+")
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
# Some cut what they send to the ten digits of an American number.
_SPELT_WORDS = frozenset(word.translate(_KEYPAD)[:length] for word in _WORDS for length in (10, None))


class PhoneRules(Protocol):
    """The settings that say which numbers there are and which are called; prefixes as PREFIX has them."""

    @property
    def default_region(self) -> str: ...  # ISO 3166 code of numbers without a `+`
    @property
    def allowed_countries(self) -> Sequence[str]: ...  # ISO 3166 codes; empty: all
    @property
    def blocked_prefixes(self) -> tuple[str, ...]: ...
    @property
    def allowed_prefixes(self) -> tuple[str, ...]: ...


class InvalidPhone(ValueError):
    """Not a number that exists in any numbering plan."""


class WithheldPhone(InvalidPhone):
    """No number but a word such as RESTRICTED, which exchanges send in its place."""


class PhoneNotAllowed(ValueError):
    """A real number that the centre does not call: a setting, its country or its type excludes it."""


def parse_phone(text: str, rules: PhoneRules) -> str:
    """`text` as E.164 (`+13125550142`), whether or not we would call it.

    Raises InvalidPhone, whose text may be shown to a client.
    """
    return _e164(_existing(text, rules)[0])


def callable_phone(text: str, rules: PhoneRules) -> str:
    """`text` as E.164, if it is a number that is called back.

    Raises InvalidPhone or PhoneNotAllowed, whose text may be shown to a client.
    """
    if _is_emergency(text, rules.default_region):
        raise PhoneNotAllowed("Emergency and short service numbers are never called back.")
    number, kind = _existing(text, rules)
    if kind in _FORBIDDEN_TYPES:
        raise PhoneNotAllowed("Premium-rate, shared-cost and service numbers are never called back.")
    phone = _e164(number)
    if _begins_with(phone, rules.blocked_prefixes):
        raise PhoneNotAllowed("Numbers that begin like this one are not called back.")
    if _begins_with(phone, rules.allowed_prefixes):
        return phone
    if rules.allowed_countries and phonenumbers.region_code_for_number(number) not in rules.allowed_countries:
        raise PhoneNotAllowed("Numbers of this country are not called back.")
    return phone


def masked(phone: str | None) -> str:
    """The last two digits only, for logs: `+13125550142` becomes `…42`."""
    return f"…{phone[-2:]}" if phone else "-"


def masked_in(text: str) -> str:
    """A text whose phone numbers, however they are written, are masked; dates and times stay."""
    return _WRITTEN_NUMBER.sub(lambda match: match["date"] or masked(match[0].rstrip()), text)


def time_zones(phone: str) -> Sequence[str]:
    """The zones (IANA) in one of which an E.164 number lies, by its prefix; none when that tells nothing."""
    digits = phone.removeprefix("+")
    for length in range(TIMEZONE_LONGEST_PREFIX, 0, -1):
        if digits[:length] in TIMEZONE_DATA:
            return () if digits[:length] == _NO_PLACE else TIMEZONE_DATA[digits[:length]]
    return ()


def national_digits(phone: str) -> str:
    """The digits of an E.164 number without its country code, as people write it within the country."""
    return phonenumbers.national_significant_number(phonenumbers.parse(phone))


def digits_of(text: str) -> str:
    """The digits in a text, in any script, as plain ones."""
    digits = _NO_DIGITS.sub("", text)
    return digits if digits.isascii() else phonenumbers.normalize_digits_only(digits)


def _existing(text: str, rules: PhoneRules) -> tuple[PhoneNumber, int]:
    """The number in `text` and its type; the type of a number that only the allowed prefixes know is UNKNOWN."""
    text = clean_line(text)
    number = _parsed(text, rules.default_region)
    kind = phonenumbers.number_type(number)  # asked once: the library looks the region up anew for each question
    phone = _e164(number)
    if _spells_a_word(text) or _spells_a_word(phone):
        raise WithheldPhone("This is a word such as RESTRICTED in place of a withheld number.")
    if kind == PhoneNumberType.UNKNOWN and not (_begins_with(phone, rules.allowed_prefixes) and _fits_plan(number)):
        raise InvalidPhone("This is not a valid phone number for its region.")
    return number, kind


def _parsed(text: str, default_region: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(text, default_region)
    except NumberParseException as error:
        raise InvalidPhone("This is not a phone number. Send digits, with +country code or in local form.") from error
    if number.extension:  # the dialer is given digits: whoever answers the main number would get the call
        raise InvalidPhone("A number with an extension can't be dialled. Send a direct number.")
    if any(map(str.isalpha, text.removeprefix("tel:"))):  # the library takes them for keys, or leaves them out
        raise InvalidPhone("A phone number has no letters. Send digits only.")
    return number


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_emergency(text: str, region: str) -> bool:
    digits = phonenumbers.normalize_digits_only(text)
    return len(digits) < _SUBSCRIBER_DIGITS and phonenumbers.is_emergency_number(digits, region)


def _spells_a_word(text: str) -> bool:
    return phonenumbers.normalize_digits_only(text).removeprefix("1") in _SPELT_WORDS


def _fits_plan(number: PhoneNumber) -> bool:
    """Whether a number has the length and the general form of its country's numbers, assigned or not."""
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 1:
        return _NORTH_AMERICAN.fullmatch(national) is not None
    country = number.country_code or 0
    region = phonenumbers.region_code_for_country_code(country)
    plan = PhoneMetadata.metadata_for_region_or_calling_code(country, region)
    general = plan.general_desc.national_number_pattern if plan and plan.general_desc else None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return possible and general is not None and re.fullmatch(general, national) is not None


def _begins_with(phone: str, prefixes: tuple[str, ...]) -> bool:
    return bool(prefixes) and _pattern(prefixes).match(phone) is not None


@functools.lru_cache(maxsize=16)
def _pattern(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(prefix).replace(r"\.", "[0-9]") for prefix in prefixes))
