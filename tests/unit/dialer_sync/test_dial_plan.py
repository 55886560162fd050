import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.ucce.dial_plan import DialRule, Undialable

US = DialRule(prefix="9", form="national", region="US", international_prefix="011")


@pytest.mark.parametrize(
    ("rule", "phone", "digits"),
    [
        (US, "+13125550142", "93125550142"),
        (DialRule(prefix="91"), "+13125550142", "913125550142"),
        (US, "+14165550142", "94165550142"),  # Canada: the same country code, dialled alike
        (US, "+16792345678", "96792345678"),  # an area code that the library does not know
        (US, "+442079460958", "9011442079460958"),
        (DialRule(region="GB", international_prefix="00"), "+442079460958", "02079460958"),
        (DialRule(region="GB", international_prefix="00"), "+13125550142", "0013125550142"),
        (DialRule(region="RU", international_prefix="810"), "+74951234567", "84951234567"),
        (DialRule(region="IT", international_prefix="00"), "+390612345678", "0612345678"),
        (DialRule(prefix="0", form="international"), "+442079460958", "0442079460958"),
        (DialRule(form="international"), "+13125550142", "13125550142"),
        (DialRule(form="international"), "+390612345678", "390612345678"),
    ],
)
def test_a_number_is_given_as_the_rule_says(rule: DialRule, phone: str, digits: str) -> None:
    assert rule.digits(phone) == digits


def test_what_does_not_fit_the_phone_column_is_undialable() -> None:
    with pytest.raises(Undialable, match="longer than 20 digits"):
        DialRule(prefix="12345678").digits("+442079460958")


def test_text_that_is_no_number_is_undialable_and_not_repeated_in_the_message() -> None:
    with pytest.raises(Undialable) as caught:
        US.digits("312-555-0142")
    assert "555" not in str(caught.value)


@given(
    region=st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
    home=st.sampled_from(["US", "GB", "DE", "RU", "IT", "BR"]),
    form=st.sampled_from(["national", "international"]),
)
def test_every_country_gives_digits_only_and_within_the_column(region: str, home: str, form: str) -> None:
    example = phonenumbers.example_number(region)
    if example is None:
        return
    phone = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    digits = DialRule("9", form, home, "00").digits(phone)
    assert digits.isdecimal() and digits.isascii() and len(digits.encode()) <= 20
