"""Whose number is on the line, from a Finesse dialog. Pure."""

import re
from dataclasses import dataclass

from services.booking_api.finesse.resources import Dialog
from shared import phone
from shared.errors import Code
from shared.phone import PhoneRules

ACCOUNT_VARIABLE = "BAAccountNumber"  # on a dialer's call: our contact key
NUMBER_VARIABLE = "BACustomerNumber"  # on a preview call, whose addresses may both be the agent's
WITHHELD, EXTENSION = "withheld", "extension"
PROBLEMS = (WITHHELD, EXTENSION, str(Code.INVALID_PHONE), str(Code.PHONE_NOT_ALLOWED))

_MAX_EXTENSION_DIGITS = 7
_ADDRESS = re.compile(r"(?:sips?:|tel:)?([^@;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """The customer's number as E.164, None where there is none; and why it can't be called back, one of PROBLEMS."""

    phone: str | None
    problem: str | None


def customer_address(dialog: Dialog, extension: str | None) -> str:
    """The address that is the customer's; "" where none is. On a call of the dialer or of the agent that is the one
    called, else the caller's."""
    by_dialer = ACCOUNT_VARIABLE in dialog.variables or (dialog.call_type or "").upper().startswith("OUT")
    caller, called = _plain(dialog.from_address), _plain(dialog.to_address)
    if caller == extension:
        return called if called != extension else _plain(dialog.variables.get(NUMBER_VARIABLE))
    if by_dialer and called != extension:
        return called
    return caller


def line_of(address: str, extension: str | None, rules: PhoneRules) -> Line:
    """What `address` is to a callback."""
    if not any(map(str.isdigit, address)):
        return Line(None, WITHHELD)
    if address == extension:
        return Line(None, EXTENSION)
    try:
        number = phone.parse_phone(address, rules)
    except phone.WithheldPhone:
        return Line(None, WITHHELD)
    except phone.InvalidPhone:
        is_extension = address.isdigit() and len(address) <= _MAX_EXTENSION_DIGITS
        return Line(None, EXTENSION if is_extension else str(Code.INVALID_PHONE))
    try:
        phone.callable_phone(address, rules)
    except phone.PhoneNotAllowed:
        return Line(number, str(Code.PHONE_NOT_ALLOWED))
    return Line(number, None)


def _plain(address: str | None) -> str:
    match = _ADDRESS.match(address or "")
    return match[1].strip() if match else ""
