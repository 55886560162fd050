"""Phone numbers as callers write them, and what becomes of them."""

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata

from shared.db.models import Callback
from shared.phone import InvalidPhone, PhoneNotAllowed, masked, normalised


@pytest.mark.parametrize(
    "text",
    [
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
        "tel:5550142;phone-context=+1312",
        "  312 555 0142\n",
        "312\u00a0555\u00a00142",  # no-break spaces, as copied from a web page
        "312\u2013555\u20130142",  # en dashes
        "\u200b312\u200b555\u200b0142",  # zero-width spaces
        "\u202a+13125550142\u202c",  # direction marks, as copied from a contact list
        "３１２５５５０１４２",  # fullwidth, as typed with a Japanese keyboard
        "＋１３１２５５５０１４２",
        "٣١٢٥٥٥٠١٤٢",  # Arabic-Indic digits
        "3125550142\x00",  # what stands after the last digit is not part of a number
    ],
)
def test_every_way_of_writing_a_number_gives_the_same_e164(text: str) -> None:
    assert normalised(text, "US", ("US", "CA")) == "+13125550142"


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("011 44 20 7946 0018", "US", "+442079460018"),  # with the American prefix for calls abroad
        ("00 44 20 7946 0018", "DE", "+442079460018"),
        ("06 1234 5678", "IT", "+390612345678"),  # an Italian leading zero is part of the number
        ("030 123456", "DE", "+4930123456"),
        ("1-800-FLOWERS", "US", "+18003569377"),  # letters are the digits of their keys
        ("312-555-CALL", "US", "+13125552255"),
        ("+1 (800) 356-9377", "US", "+18003569377"),
        ("+800 1234 5678", "US", "+80012345678"),
    ],
)
def test_numbers_of_the_world_are_read_by_their_region(text: str, region: str, expected: str) -> None:
    assert normalised(text, region, ()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "+",
        "0",
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
        "312\x005550142",
        "312\n5550142",
        "1" * 300,
        "+1" + "3" * 5000,
        "+" * 100_000,
        "\ud800",
    ],
)
def test_what_is_no_number_is_invalid(text: str) -> None:
    with pytest.raises(InvalidPhone):
        normalised(text, "US", ())


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
        normalised(text, "US", ())


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("911", "US"),
        ("9-1-1", "US"),
        ("９１１", "US"),
        ("112", "US"),
        ("999", "GB"),
        ("112", "DE"),
        ("110", "DE"),
        ("000", "AU"),
        ("900-234-5678", "US"),  # premium rate
        ("+44 909 879 0879", "US"),
        ("0900 1 123456", "DE"),
        ("+44 843 999 9999", "US"),  # shared cost
        ("+49 180 5 123456", "US"),
        ("+44 300 123 4567", "US"),  # a service number
        ("+44 76 4022 2222", "US"),  # a pager
    ],
)
def test_emergency_premium_and_shared_cost_numbers_are_never_called(text: str, region: str) -> None:
    with pytest.raises(PhoneNotAllowed):
        normalised(text, region, ())


@pytest.mark.parametrize("text", ["+44 20 7946 0018", "+1 876 555 0142", "+800 1234 5678", "+52 55 1234 5678"])
def test_numbers_of_other_countries_are_not_called_even_under_the_same_country_code(text: str) -> None:
    with pytest.raises(PhoneNotAllowed, match="country"):
        normalised(text, "US", ("US", "CA"))


def test_no_allowed_countries_means_all() -> None:
    assert normalised("+1 876 555 0142", "US", ()) == "+18765550142"


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(InvalidPhone) as refused:
        normalised("+1 911 555 0142", "US", ())
    assert not any(character.isdigit() for character in str(refused.value))


@pytest.mark.parametrize(("phone", "shown"), [("+13125550142", "…42"), ("", "-"), (None, "-")])
def test_only_the_last_two_digits_are_shown(phone: str | None, shown: str) -> None:
    assert masked(phone) == shown


def test_the_longest_number_of_any_plan_fits_its_column() -> None:
    plans = [PhoneMetadata.metadata_for_region(region) for region in phonenumbers.SUPPORTED_REGIONS]
    longest = max(len(f"+{plan.country_code}") + max(plan.general_desc.possible_length) for plan in plans)
    assert longest <= Callback.__table__.c.phone.type.length
