"""Numbers that are never called, that are called only when the settings allow it, and that are always called."""

from dataclasses import replace

import pytest

from shared.callbacks.settings import BusinessSettings
from shared.phone import InvalidPhone, PhoneNotAllowed, callable_phone, parse_phone

# The settings of a centre in the United States; ANYWHERE calls numbers of every country.
USUAL = BusinessSettings()
ANYWHERE = replace(USUAL, allowed_countries=())


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
        callable_phone(text, replace(ANYWHERE, default_region=region))


@pytest.mark.parametrize("text", ["+44 20 7946 0018", "+1 876 555 0142", "+800 1234 5678", "+52 55 1234 5678"])
def test_numbers_of_other_countries_are_not_called_even_under_the_same_country_code(text: str) -> None:
    with pytest.raises(PhoneNotAllowed, match="country"):
        callable_phone(text, USUAL)


def test_no_allowed_countries_means_all() -> None:
    assert callable_phone("+1 876 555 0142", ANYWHERE) == "+18765550142"


@pytest.mark.parametrize(
    "text",
    [
        "312-976-1234", "+1 900 234 5678",  # premium rate
        "312-555-1212", "1-800-555-1212", "+1 604 555 1212",  # directory assistance
        "500-234-5678", "533-234-5678", "544-234-5678", "600-234-5678", "622-234-5678", "633-234-5678",
        "+44 70 1234 5678", "+870 773 111 632", "+881 6 1234 5678", "+882 34 5678 9012", "+883 5100 1234 5678",
        "+979 1 2345 6789", "+808 1234 5678", "+878 10 1234567890",
    ],
)  # fmt: skip
def test_numbers_that_are_blocked_unless_the_settings_say_otherwise(text: str) -> None:
    with pytest.raises(PhoneNotAllowed):
        callable_phone(text, ANYWHERE)
    assert parse_phone(text, USUAL).startswith("+")  # they can be searched for, and stand on the do-not-call list


@pytest.mark.parametrize(
    "text",
    ["312-555-0100", "312-555-0199", "312-555-1213", "+1 312 977 1234",
     "+1 520 234 5678", "+1 530 234 5678", "+44 7400 123456", "+1 800 356 9377"],
)  # fmt: skip
def test_ordinary_numbers_close_to_blocked_ones_are_called(text: str) -> None:
    callable_phone(text, ANYWHERE)


def test_a_number_is_called_once_it_is_blocked_no_more() -> None:
    unblocked = replace(ANYWHERE, blocked_prefixes=("+881",))
    assert callable_phone("312-976-1234", unblocked) == "+13129761234"
    with pytest.raises(PhoneNotAllowed):
        callable_phone("+881 6 1234 5678", unblocked)


@pytest.mark.parametrize("area", ["679", "861", "621"])
def test_an_area_code_that_the_library_does_not_know_is_called_once_it_is_allowed(area: str) -> None:
    text, allowing = f"({area}) 234-5678", replace(USUAL, allowed_prefixes=(f"+1{area}",))
    for take in (parse_phone, callable_phone):
        with pytest.raises(InvalidPhone):
            take(text, USUAL)
        assert take(text, allowing) == f"+1{area}2345678"


@pytest.mark.parametrize("text", ["679-234-567", "679-234-56789", "679-034-5678", "679-134-5678", "+1 680 234 567"])
def test_an_allowed_number_must_still_have_the_form_of_its_plan(text: str) -> None:
    with pytest.raises(InvalidPhone):
        callable_phone(text, replace(USUAL, allowed_prefixes=("+1679", "+1680")))


def test_an_allowed_number_of_another_plan_has_its_lengths() -> None:
    allowing = replace(USUAL, allowed_prefixes=("+4426",))
    assert callable_phone("+44 26 1234 5678", allowing) == "+442612345678"
    for text in ("+44 26 1234", "+44 26 1234 5678 9"):
        with pytest.raises(InvalidPhone):
            callable_phone(text, allowing)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("679-976-1234", PhoneNotAllowed),  # blocked by its exchange
        ("679-555-1212", PhoneNotAllowed),
        ("900-234-5678", PhoneNotAllowed),  # premium rate by its type
        ("911", PhoneNotAllowed),
    ],
)
def test_what_is_blocked_or_never_called_is_not_opened_by_allowing_it(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        callable_phone(text, replace(USUAL, allowed_prefixes=("+1", "+1679", "+1900")))
    with pytest.raises(refusal):
        callable_phone(text, replace(USUAL, allowed_prefixes=("+1", "+1679", "+1900"), blocked_prefixes=("+1679",)))


def test_one_area_of_a_country_that_is_not_called_can_be_allowed() -> None:
    allowing = replace(USUAL, allowed_prefixes=("+4420",))
    assert callable_phone("+44 20 7946 0018", allowing) == "+442079460018"
    with pytest.raises(PhoneNotAllowed, match="country"):
        callable_phone("+44 161 496 0018", allowing)
