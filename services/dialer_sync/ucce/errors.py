"""How a call to UCCE can fail, sorted by the one question that matters: was anything taken?

UcceError
├── NothingTaken   certainly not: refused by 401, 403, 503, or never sent
│   └── NotFound   404
├── Refused        certainly not: 400, with UCCE's reasons; sending the same again is pointless
└── Unknown        perhaps: no answer, a broken one, 500, or one we do not know; settle by reading, never send again
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# What UCCE repeats of a phone number has no place in a log.
_LONG_NUMBER = re.compile(r"\d{7,}")

Taken = Literal["no", "unknown"]


@dataclass(frozen=True, slots=True)
class ApiError:
    """One of UCCE's own reasons (ucce-reference 1.2, Errors). `field` is the offending one, if it says so."""

    type: str
    message: str
    field: str = ""

    def __str__(self) -> str:
        words = f"{self.field}: {self.message}" if self.field else self.message
        return _LONG_NUMBER.sub(lambda found: f"…{found[0][-2:]}", words)


class UcceError(Exception):
    """The text is for operators: UCCE's words where it gave any, and neither credentials nor phone numbers of ours."""

    taken: Taken = "unknown"
    permanent = False

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class NothingTaken(UcceError):
    taken: Taken = "no"


class NotFound(NothingTaken):
    """No such campaign or contact, or one that was not created through the API (ucce-reference 0.3, fact 6)."""


class Refused(UcceError):
    """UCCE says what is wrong with the request."""

    taken: Taken = "no"
    permanent = True

    def __init__(self, errors: Sequence[ApiError], status: int = 400) -> None:
        reasons = "; ".join(map(str, errors[:3])) or "no reason given"
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        super().__init__(reasons + more, status)
        self.errors = tuple(errors)


class Unknown(UcceError):
    """Settle it by reading what UCCE has."""
