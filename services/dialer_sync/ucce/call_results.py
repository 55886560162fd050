"""What a CallResult means for a callback (ucce/REFERENCE.md 2.3), and which call statuses are final (1.5.3)."""

import re
from dataclasses import dataclass

from shared.callbacks.retries import RETRYABLE


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """`name` stands in reports; `success` completes the callback; `retryable` results may be tried again by us."""

    name: str
    success: bool = False

    @property
    def retryable(self) -> bool:
        return self.name in RETRYABLE


_ANSWERED = CallOutcome("answered", success=True)
_NO_ANSWER = CallOutcome("no_answer")
_BUSY = CallOutcome("busy")
_MACHINE = CallOutcome("machine")
_ABANDONED = CallOutcome("abandoned")
_REJECTED = CallOutcome("rejected")
_TECHNICAL = CallOutcome("technical")
_NOT_ATTEMPTED = CallOutcome("not_attempted")
_INVALID = CallOutcome("invalid_number")
OTHER = CallOutcome("other")

_CODE = re.compile(r"-?[0-9]{1,9}\b")

OUTCOMES: dict[int, CallOutcome] = {
    2: _TECHNICAL,  # error while dialing
    3: _INVALID,  # not in service
    4: _NO_ANSWER,  # no ringback
    5: _INVALID,  # operator intercept
    6: _TECHNICAL,  # no dial tone
    7: _INVALID,
    8: _NO_ANSWER,
    9: _BUSY,
    10: _ANSWERED,
    11: CallOutcome("fax"),
    12: _MACHINE,
    13: _TECHNICAL,  # dialer or network stopped
    14: _ANSWERED,  # the customer asked for another callback: an agent spoke with them
    15: _MACHINE,
    16: _ABANDONED,  # no agent was free
    17: _NOT_ATTEMPTED,  # no agent could be reserved
    18: _REJECTED,  # the agent rejected the preview
    19: CallOutcome("closed_by_agent"),
    20: _ABANDONED,  # to an IVR
    21: CallOutcome("short_call"),  # the customer hung up at once
    22: _MACHINE,
    23: CallOutcome("wrong_number"),
    24: CallOutcome("wrong_party"),
    25: _NOT_ATTEMPTED,  # returned undialled
    26: CallOutcome("do_not_call"),
    27: _NO_ANSWER,  # disconnected while alerting
    28: CallOutcome("dead_air"),
    29: _TECHNICAL,  # SIP not supported by the gateway
    30: _TECHNICAL,  # SIP not authorised
    31: _TECHNICAL,  # invalid SIP message
    32: _TECHNICAL,  # the dialer lost its Campaign Manager
    33: _REJECTED,  # the agent let the preview time out
}

# Those not named here, and any we do not know, may still change: pending, active, retry, callbackRequested, unknown
# (which UCCE takes back to pending after an hour, 1.10), maintenance.
FINAL_STATUSES = frozenset(
    {"closed", "maxAttemptsReached", "agentRejected", "personalCallbackRequested", "agentNotAvailable", "dialed",
     "invalid", "fax", "operator"}
)  # fmt: skip
_WAITING = frozenset({"pending", "active", "retry"})  # a contact's usual way to its result
_NAMED = ("callbackRequested", "unknown", "maintenance")
_NOT_A_LETTER = re.compile(r"[^a-z]")


def _plain(call_status: str) -> str:
    return _NOT_A_LETTER.sub("", call_status.lower())


_FINAL = frozenset(map(_plain, FINAL_STATUSES))


def code_of(result: str | None) -> int | None:
    """The code of a result as UCCE prints it: `10`, also `10 (Voice)`; None when it does not begin with one."""
    found = _CODE.match(result or "")
    return int(found[0]) if found else None


def is_final(call_status: str | None) -> bool:
    """Whether UCCE will not touch the contact again, however the status is written."""
    return call_status is not None and _plain(call_status) in _FINAL


def unusual(call_status: str) -> str | None:
    """How a status is counted that neither ends a contact nor belongs to its usual way; None of one that does."""
    plain = _plain(call_status)
    if plain in _FINAL or plain in _WAITING:
        return None
    return next((name for name in _NAMED if _plain(name) == plain), "other")


def outcome_of(call_result: int | None) -> CallOutcome:
    """The meaning of a code; `other` for one we do not know (its number is kept beside it)."""
    return OUTCOMES.get(call_result, OTHER) if call_result is not None else OTHER
