"""How a call to UCCE can fail, sorted by the one question that matters: was anything taken?

UcceError
├── NothingTaken   certainly not: never sent, or 401, 403, 503 with UCCE's own error body
│   └── NotFound   404 with UCCE's own error body
├── Refused        certainly not, of a single contact: 400 with UCCE's own error body; the same again is pointless
├── CampaignRefuses  certainly not: a campaign that refuses each contact, as batch_sender.py finds out
└── Unknown        perhaps: everything else; settle by reading, never send again
    └── TookPart   a success that tells of errors

A status alone proves nothing: proxies, load balancers and web containers answer 400, 401, 404 and 503 too, some of them
after UCCE had the request. Only an error body of Cisco's (`apiErrors`, ucce/REFERENCE.md 1.2) was written by UCCE
itself. `failure` is the one place that decides this, for writes and for reads.
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
    """One of UCCE's own reasons (ucce/REFERENCE.md 1.2, Errors). `field` is the offending one, if it says so."""

    type: str
    message: str
    field: str = ""

    def __str__(self) -> str:
        text = f"{self.field}: {self.message}" if self.field else self.message
        return masked(text)


def masked(text: str) -> str:
    """Without phone numbers: their last two digits are left."""
    return _LONG_NUMBER.sub(lambda match: f"…{match[0][-2:]}", text)


class UcceError(Exception):
    """The text is for operators: UCCE's words where it gave any, and neither credentials nor phone numbers of ours."""

    taken: Taken = "unknown"
    permanent = False
    by_ucce = False  # whether UCCE itself said so, by its own error body

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def add(self, message: str) -> None:
        """Say more about it."""
        self.message = f"{self.message}; {message}"
        self.args = (self.message,)

    @property
    def concerns_all(self) -> bool:
        """Whether the next call would fail as well, for whichever campaign: no way to UCCE, no permission, no queue."""
        return self.status is None or self.status in (401, 403, 429, 503)

    @property
    def unreachable(self) -> bool:
        """Whether there was no HTTP answer at all: every other call would wait in vain, too."""
        return self.status is None


class NothingTaken(UcceError):
    taken: Taken = "no"


class NotFound(NothingTaken):
    """No such campaign or contact, or one that was not created through the API (ucce/REFERENCE.md 0.3, fact 6).

    That a campaign is gone is proven only together with UCCE's list of campaigns (campaigns.is_gone).
    """


class Refused(UcceError):
    """UCCE says what is wrong with the request."""

    taken: Taken = "no"
    permanent = True

    def __init__(self, errors: Sequence[ApiError], status: int = 400) -> None:
        reasons = "; ".join(map(str, errors[:3])) or "no reason given"
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        super().__init__(reasons + more, status)
        self.errors = tuple(errors)


class CampaignRefuses(UcceError):
    """A campaign refuses each single contact that it is given: it is to blame, not the contacts."""

    taken: Taken = "no"
    by_ucce = True

    def __init__(self, refusal: UcceError) -> None:
        super().__init__(f"it takes no contact, wherever in the queue: {refusal.message}", refusal.status)


class Unknown(UcceError):
    """Settle it by reading what UCCE has."""


class TookPart(Unknown):
    """A success that tells of errors: UCCE has answered, and perhaps it took the rows that were good."""

    by_ucce = True


_REASONS = {
    401: "user or password are wrong, or the role is not known yet (UCCE looks every 30 minutes)",
    403: "the account may not do this; importing needs an administrator",
    404: "no such item, or it was not created through the API",
    503: "its request queue is full",
}


def failure(status: int, errors: Sequence[ApiError], page: str = "") -> UcceError:
    """What an answer that is no success means; `errors` are UCCE's own reasons, none when the body is not UCCE's.

    `page` is what somebody else's answer says.
    """
    if not errors:
        reason = _REASONS.get(status, "no reason given")
        more = f'; it says "{page}"' if page else ""
        return Unknown(f"the answer is {status} without UCCE's own error body: {reason}{more}", status)
    error = _by_ucce(status, errors)
    error.by_ucce = True
    return error


def _by_ucce(status: int, errors: Sequence[ApiError]) -> UcceError:
    refusal = Refused(errors, status)
    if status == 400:
        return refusal
    message = f"UCCE answers {status}: {refusal.message}"
    if 200 <= status < 300:
        return TookPart(message, status)
    if status == 404:
        return NotFound(message, status)
    if status in (401, 403, 503):
        return NothingTaken(message, status)
    return Unknown(message, status)
