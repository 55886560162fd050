"""From a phone number (E.164) to the digits the dialer must be given, by a campaign's dialling rule."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

MAX_DIGITS = 20  # bytes of a phone column (ucce/REFERENCE.md 1.5.2)


class Undialable(ValueError):
    """No digits can be made of this number by this rule; the text says why and holds no number."""


@dataclass(frozen=True, slots=True)
class DialRule:
    """`prefix` reaches an outside line (`9`); `region` is the ISO 3166 code of where the gateway stands.

    `form` is `international` (country code and number, for every number) or `national`: as one dials within the
    region, and `international_prefix` (`011`) before the country code for numbers of elsewhere.
    """

    prefix: str = ""
    form: str = "national"
    region: str = "US"
    international_prefix: str = "011"

    def digits(self, phone: str) -> str:
        """What to dial for `phone` (E.164). UCCE takes digits only, no `+`. Raises Undialable."""
        try:
            number = phonenumbers.parse(phone)
        except NumberParseException as error:
            raise Undialable("the number is not in international form") from error
        international = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
        if self.form == "international":
            body = international
        elif number.country_code == phonenumbers.country_code_for_region(self.region):
            body = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        else:
            body = self.international_prefix + international
        digits = phonenumbers.normalize_digits_only(self.prefix + body)
        if len(digits) > MAX_DIGITS:
            raise Undialable(f"the number is longer than {MAX_DIGITS} digits with its prefixes")
        return digits
