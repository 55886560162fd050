"""Phone numbers in the forms that callers write, and their E.164 form or refusal."""

from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata
from sqlalchemy import Unicode

from shared.callbacks.settings import BusinessSettings
from shared.db.models import Callback
from shared.phone import InvalidPhone, PhoneNotAllowed, callable_phone, masked, masked_in, parse_phone
from tests.support.tables import table_of

# The settings of a centre in the United States; ANYWHERE calls numbers of every country.
USUAL = BusinessSettings()
ANYWHERE = replace(USUAL, allowed_countries=())


WRITTEN = [
    "+13125550142",
    "+1 312 555 0142",
    "+1 (312) 555-0142",
    "(312) 555-0142",
    "312-555-0142",
    "312.555.0142",
    "312/555-0142",
    "3125550142",
    "1-312-555-0142",
    "1 (312) 555 0142",
    "++13125550142",
    "tel:+1-312-555-0142",
    "  312 555 0142\n",
    "312\u00a0555\u00a00142",  # no-break spaces, as copied from a web page
    "312\u2013555\u20130142",  # en dashes
    "\u200b312\u200b555\u200b0142",  # zero-width spaces
    "\u202a+13125550142\u202c",  # direction marks, as copied from a contact list
    "312\n5550142",  # as copied from a narrow column
    "\u200e+1\u200e312\u200f5550142\u2069",
    "\ufeff312\u30005550142",  # a byte order mark and an ideographic space
    "３１２５５５０１４２",  # fullwidth, as typed with a Japanese keyboard
    "＋１３１２５５５０１４２",
    "٣١٢٥٥٥٠١٤٢",  # Arabic-Indic digits
    "3125550142\x00",  # what stands after the last digit is not part of a number
]


@pytest.mark.parametrize("text", WRITTEN)
def test_every_way_of_writing_a_number_gives_the_same_e164(text: str) -> None:
    assert callable_phone(text, USUAL) == "+13125550142"


@pytest.mark.parametrize("text", WRITTEN)
def test_a_number_in_a_text_is_masked_however_it_is_written(text: str) -> None:
    left = masked_in(f"Call her at {text} before 2026-11-23T09:10, not 2026-11-24 10:30.")
    assert left.endswith(" before 2026-11-23T09:10, not 2026-11-24 10:30.")
    digits = phonenumbers.normalize_digits_only(left.partition(" before ")[0])
    assert digits == "42"


@pytest.mark.parametrize(
    "text",
    ["", "none", "12 of 345 callbacks", "moved from 2026-11-23 to 2026-11-24", "09:10:00, 09:20:00", "CR-20 911"],
)
def test_what_is_no_number_stays(text: str) -> None:
    assert masked_in(text) == text


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("011 44 20 7946 0018", "US", "+442079460018"),  # with the American prefix for calls abroad
        ("00 44 20 7946 0018", "DE", "+442079460018"),
        ("06 1234 5678", "IT", "+390612345678"),  # an Italian leading zero is part of the number
        ("030 123456", "DE", "+4930123456"),
        ("+1 (800) 356-9377", "US", "+18003569377"),
        ("+800 1234 5678", "US", "+80012345678"),
    ],
)
def test_numbers_of_the_world_are_read_by_their_region(text: str, region: str, expected: str) -> None:
    assert callable_phone(text, replace(ANYWHERE, default_region=region)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "+",
        "0",
        "1-800-FLOWERS",  # a letter may be a typing error, whose key is not known
        "1-800-555-01a42",
        "312-555-014a2",
        "312-555-0142 b",
        "call 3125550142",
        "tel:tel:3125550142",
        "tel:5550142;phone-context=+1312",
        "null",
        "n/a",
        "anonymous",
        "555-0142",  # no area code
        "312555014",
        "31255501423",
        "1 312 555 0142 0000",
        "+1 911 555 0142",  # no such area code
        "+1 976 234 5678",
        "+1+3125550142",
        "+999 123456789",
        "+6199999",
        "311",
        "*67 312 555 0142",
        "#31#3125550142",
        "312-555-0142 (home)",
        "3125550142 or 3125550143",
        "3125550142/3125550143",
        "3125550142.0",  # a number cell of a spreadsheet
        "0x3125550142",
        "sip:3125550142@example.com",
        "3125550142\n3125550143",
        "1" * 300,
        "+1" + "3" * 5000,
        "+" * 100_000,
        "\ud800",
    ],
)
def test_what_is_no_number_is_invalid(text: str) -> None:
    with pytest.raises(InvalidPhone):
        parse_phone(text, ANYWHERE)


@pytest.mark.parametrize(
    "text",
    [
        "312-555-0142 x5",
        "312-555-0142 ext. 12",
        "312-555-0142 extension 12",
        "312-555-0142#5",
        "312-555-0142;ext=7",
        "tel:+1-312-555-0142;ext=7",
        "3125550142,,5",
        "312-555-0142 доб. 5",
    ],
)
def test_a_number_with_an_extension_is_invalid_because_the_dialer_cannot_dial_it(text: str) -> None:
    with pytest.raises(InvalidPhone, match="extension"):
        parse_phone(text, ANYWHERE)


# What exchanges send for callers without a number: restricted, anonymous, unavailable (whole, and cut to ten digits),
# unknown, private, blocked, withheld.
@pytest.mark.parametrize(
    "text",
    ["7378742833", "+17378742833", "1 737 874 2833", "+7378742833", "266696687", "+266696687", "2666966687",
     "86282452253", "8628245225", "+1 862 824 5225", "8656696", "7748283", "2562533", "94844353", "688632732"],
)  # fmt: skip
def test_a_word_spelt_on_the_keypad_is_no_number(text: str) -> None:
    for take in (parse_phone, callable_phone):
        with pytest.raises(InvalidPhone):
            take(text, replace(ANYWHERE, allowed_prefixes=("+1",)))


def test_a_word_is_only_meant_where_the_whole_number_is_one() -> None:
    assert callable_phone("+49 7378 742833", ANYWHERE) == "+497378742833"
    assert callable_phone("737-874-2834", USUAL) == "+17378742834"


DIGITS = st.text("0123456789", min_size=1, max_size=11)
PREFIXES = st.lists(st.text("0123456789.", max_size=9).map("+1{}".format), max_size=4, unique=True).map(tuple)


def begins_with(phone: str, prefixes: tuple[str, ...]) -> bool:
    return any(
        len(phone) >= len(prefix) and all(ours in (theirs, ".") for ours, theirs in zip(prefix, phone, strict=False))
        for prefix in prefixes
    )


@given(number=DIGITS, blocked=PREFIXES, allowed=PREFIXES)
def test_whatever_is_called_is_not_blocked_and_has_the_form_of_its_plan(
    number: str, blocked: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    rules = replace(USUAL, blocked_prefixes=blocked, allowed_prefixes=allowed)
    try:
        phone = callable_phone(number, rules)
    except InvalidPhone:
        with pytest.raises(InvalidPhone):
            parse_phone(number, rules)
        return
    except PhoneNotAllowed:
        return
    assert not begins_with(phone, blocked)
    assert phone == parse_phone(number, rules) == callable_phone(phone, rules)
    assert len(phone) == len("+13125550142") and phone[2] > "1" and phone[5] > "1"
    known = phonenumbers.is_valid_number(phonenumbers.parse(phone))
    assert known or begins_with(phone, allowed)


@given(st.integers(2, 9), st.integers(0, 9), st.integers(0, 9), st.integers(2_000_000, 9_999_999), PREFIXES)
def test_every_number_of_an_allowed_area_is_called_unless_it_is_blocked(
    first: int, second: int, third: int, rest: int, blocked: tuple[str, ...]
) -> None:
    area = f"+1{first}{second}{third}"
    phone = f"{area}{rest}"
    rules = replace(USUAL, blocked_prefixes=blocked, allowed_prefixes=(area,))
    try:
        called = callable_phone(phone, rules)
    except (InvalidPhone, PhoneNotAllowed):
        called = None
    premium = phonenumbers.number_type(phonenumbers.parse(phone)) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    word = phone[2:] in ("7378742833", "8628245225", "2666966687")
    assert (called is None) == (begins_with(phone, blocked) or premium or word)


@given(st.text(max_size=40) | st.text("+0123456789 ()-.x#*", max_size=24))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        phone = callable_phone(text, ANYWHERE)
    except (InvalidPhone, PhoneNotAllowed):
        return
    assert parse_phone(phone, ANYWHERE) == phone


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(InvalidPhone) as refused:
        parse_phone("+1 911 555 0142", ANYWHERE)
    assert not any(character.isdigit() for character in str(refused.value))


@pytest.mark.parametrize(("phone", "shown"), [("+13125550142", "…42"), ("", "-"), (None, "-")])
def test_only_the_last_two_digits_are_shown(phone: str | None, shown: str) -> None:
    assert masked(phone) == shown


def test_the_longest_number_of_any_plan_fits_its_column() -> None:
    longest = 0
    for region in phonenumbers.SUPPORTED_REGIONS:
        plan = PhoneMetadata.metadata_for_region(region)
        assert plan is not None
        assert plan.general_desc is not None
        longest = max(longest, len(f"+{plan.country_code}") + max(plan.general_desc.possible_length))
    column = table_of(Callback).c.phone.type
    assert isinstance(column, Unicode)
    assert column.length is not None
    assert 0 < longest <= column.length
