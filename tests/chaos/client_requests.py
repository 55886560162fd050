"""The values that clients send, each beside the value that the database must hold and the one the dialer must get.

The expected values are written by hand from the rules (ucce/REFERENCE.md 1.5.2, the seed's campaigns): outside line 9,
numbers of the United States and Canada as dialled there, others behind 011. No code of the product computes them.
"""

import random
from dataclasses import dataclass

# (how a client writes a number of ten digits, how it is stored, what the dialer must get)
FORMS = (
    ("+1{0}{1}{2}", "+1{0}{1}{2}", "9{0}{1}{2}"),
    ("({0}) {1}-{2}", "+1{0}{1}{2}", "9{0}{1}{2}"),
    ("1-{0}-{1}-{2}", "+1{0}{1}{2}", "9{0}{1}{2}"),
    ("{0}.{1}.{2}", "+1{0}{1}{2}", "9{0}{1}{2}"),
)
ABROAD = ("+44 20 8{1} {2}", "+44208{1}{2}", "901144208{1}{2}")
# (as written and stored, as the dialer must get it): no delimiter may reach a row of an import
FIRST_NAMES = ((None, ""), ("Ada", "Ada"), ("Björk", "Björk"), ("a|b", "a b"), ("李", "李"), ("Jo Ann", "Jo Ann"))
LAST_NAMES = ((None, ""), ("Lovelace", "Lovelace"), ("O'Brien-Smith", "O'Brien-Smith"), ("Núñez", "Núñez"))
# skill → its default campaign, as the seed has them
CAMPAIGNS = {"Billing": "Billing_Callback", "Sales": "Sales_Callback", "Support": "Support_Callback"}
# skill → the time zone of its pool; Lord Howe's summer time is half an hour, which no daylight flag can say
ZONES = {"Billing": "America/Chicago", "Sales": "America/Chicago", "Support": "Australia/Lord_Howe"}
# Numbers that stand on the do-not-call list from the start, and numbers that several callers share.
PLACES = {"+1312": "America/Chicago", "+4420": "Europe/London"}  # where the numbers of the load are
LISTED = tuple(f"+1312299{n:04d}" for n in range(4))
SHARED = tuple(f"+1312298{n:04d}" for n in range(3))
OPEN_LIMIT = 3


@dataclass(frozen=True)
class Caller:
    """The person and the number of a booking. `written` goes into the request; the database must hold `kept` and the
    dialer get `dialled`; names are (sent and stored, for the dialer)."""

    written: str
    kept: str
    dialled: str
    first: tuple[str | None, str]
    last: tuple[str | None, str]


def make_caller(rng: random.Random, n: int) -> Caller:
    """The person of booking `n` (below 1,000,000), whose number no other booking has."""
    form = ABROAD if rng.random() < 0.06 else FORMS[n % len(FORMS)]
    digits = f"312{2_000_000 + n:07d}"
    parts = (digits[:3], digits[3:6], digits[6:])
    written, kept, dialled = (text.format(*parts) for text in form)
    return Caller(written, kept, dialled, rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES))


def with_number(person: Caller, phone: str) -> Caller:
    """The same person at one of the numbers that are kept as `phone` (+1…)."""
    return Caller(phone, phone, f"9{phone[2:]}", person.first, person.last)
