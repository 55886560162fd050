"""What a CallResult means for a callback (ucce/REFERENCE.md 2.3), and which call statuses are final (1.5.3)."""

import re

from shared.callbacks.outcomes import (
    ABANDONED,
    ANSWERED,
    BUSY,
    CLOSED_BY_AGENT,
    DEAD_AIR,
    DO_NOT_CALL,
    FAX,
    INVALID_NUMBER,
    MACHINE,
    NO_ANSWER,
    NOT_ATTEMPTED,
    OTHER,
    REJECTED,
    SHORT_CALL,
    TECHNICAL,
    WRONG_NUMBER,
    WRONG_PARTY,
    CallOutcome,
)

_CODE = re.compile(r"-?[0-9]{1,9}\b")

OUTCOME_BY_CODE: dict[int, CallOutcome] = {
    2: TECHNICAL,  # error while dialing
    3: INVALID_NUMBER,  # not in service
    4: NO_ANSWER,  # no ringback
    5: INVALID_NUMBER,  # operator intercept
    6: TECHNICAL,  # no dial tone
    7: INVALID_NUMBER,
    8: NO_ANSWER,
    9: BUSY,
    10: ANSWERED,
    11: FAX,
    12: MACHINE,
    13: TECHNICAL,  # dialer or network stopped
    14: ANSWERED,  # the customer asked for another callback: an agent spoke with them
    15: MACHINE,
    16: ABANDONED,  # no agent was free
    17: NOT_ATTEMPTED,  # no agent could be reserved
    18: REJECTED,  # the agent rejected the preview
    19: CLOSED_BY_AGENT,
    20: ABANDONED,  # to an IVR
    21: SHORT_CALL,  # the customer hung up at once
    22: MACHINE,
    23: WRONG_NUMBER,
    24: WRONG_PARTY,
    25: NOT_ATTEMPTED,  # returned undialled
    26: DO_NOT_CALL,
    27: NO_ANSWER,  # disconnected while alerting
    28: DEAD_AIR,
    29: TECHNICAL,  # SIP not supported by the gateway
    30: TECHNICAL,  # SIP not authorised
    31: TECHNICAL,  # invalid SIP message
    32: TECHNICAL,  # the dialer lost its Campaign Manager
    33: REJECTED,  # the agent let the preview time out
}

# Those not named here, and any we do not know, may still change: pending, active, retry, callbackRequested, unknown
# (which UCCE takes back to pending after an hour, 1.10), maintenance.
FINAL_STATUSES = frozenset(
    {"closed", "maxAttemptsReached", "agentRejected", "personalCallbackRequested", "agentNotAvailable", "dialed",
     "invalid", "fax", "operator"}
)  # fmt: skip
_WAITING = frozenset({"pending", "active", "retry"})  # a contact's usual way to its result
# The dialer has it or had it; whether it called, the result tells (table 2.3).
_AT_DIALER = frozenset({"active", "retry", "callbackrequested", "unknown", "dialed"})
_NAMED = ("callbackRequested", "unknown", "maintenance")
_NOT_A_LETTER = re.compile(r"[^a-z]")


def _plain(call_status: str) -> str:
    return _NOT_A_LETTER.sub("", call_status.lower())


_FINAL = frozenset(map(_plain, FINAL_STATUSES))


def code_of(result: str | None) -> int | None:
    """The code of a result as UCCE prints it: `10`, also `10 (Voice)`; None when it does not begin with one."""
    match = _CODE.match(result or "")
    return int(match[0]) if match else None


def is_final(call_status: str | None) -> bool:
    """Whether UCCE will not touch the contact again, however the status is written."""
    return call_status is not None and _plain(call_status) in _FINAL


def unusual(call_status: str) -> str | None:
    """How a status is counted that neither ends a contact nor belongs to its usual way; None of one that does."""
    plain = _plain(call_status)
    if plain in _FINAL or plain in _WAITING:
        return None
    return next((name for name in _NAMED if _plain(name) == plain), "other")


def is_at_dialer(call_status: str | None) -> bool:
    """Whether a contact without a result yet is, or was, at a dialer."""
    return call_status is not None and _plain(call_status) in _AT_DIALER


def was_dialed(call_result: int | None, calls_made: int | None) -> bool | None:
    """Whether a contact with a result was called; None when UCCE does not tell."""
    return True if calls_made else outcome_of(call_result).dialed


def outcome_of(call_result: int | None) -> CallOutcome:
    """The meaning of a code; `other` for one we do not know (its number is kept beside it)."""
    return OUTCOME_BY_CODE.get(call_result, OTHER) if call_result is not None else OTHER
