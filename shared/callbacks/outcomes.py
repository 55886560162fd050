"""The outcomes of an attempt, each stated once: its name in reports, whether it completes the callback, and whether
another call may have another end (pure). Which of UCCE's codes means which stands in dialer_sync's ucce/call_results.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """`success` completes the callback; after a `retryable` one it may be handed over again. `dialed`: somebody's phone
    was called, or at least tried; None where the outcome does not tell."""

    name: str
    success: bool = False
    retryable: bool = False
    dialed: bool | None = True


ANSWERED = CallOutcome("answered", success=True)
NO_ANSWER = CallOutcome("no_answer", retryable=True)
BUSY = CallOutcome("busy", retryable=True)
MACHINE = CallOutcome("machine", retryable=True)
ABANDONED = CallOutcome("abandoned", retryable=True)
REJECTED = CallOutcome("rejected", retryable=True, dialed=False)
TECHNICAL = CallOutcome("technical", retryable=True)
NOT_ATTEMPTED = CallOutcome("not_attempted", retryable=True, dialed=False)
SHORT_CALL = CallOutcome("short_call", retryable=True)
WRONG_PARTY = CallOutcome("wrong_party", retryable=True)
DEAD_AIR = CallOutcome("dead_air", retryable=True)
INVALID_NUMBER = CallOutcome("invalid_number")
WRONG_NUMBER = CallOutcome("wrong_number")
DO_NOT_CALL = CallOutcome("do_not_call", dialed=False)
FAX = CallOutcome("fax")
CLOSED_BY_AGENT = CallOutcome("closed_by_agent", dialed=False)
OTHER = CallOutcome("other", dialed=None)  # a code of UCCE that is not known
REFUSED = CallOutcome("refused", dialed=False)  # UCCE did not take the contact
RESULT_LOST = CallOutcome("result_lost", dialed=None)  # UCCE knows nothing more of the contact

OUTCOMES = (
    ANSWERED, NO_ANSWER, BUSY, MACHINE, ABANDONED, REJECTED, TECHNICAL, NOT_ATTEMPTED, SHORT_CALL, WRONG_PARTY,
    DEAD_AIR, INVALID_NUMBER, WRONG_NUMBER, DO_NOT_CALL, FAX, CLOSED_BY_AGENT, OTHER, REFUSED, RESULT_LOST,
)  # fmt: skip
RETRYABLE = tuple(outcome.name for outcome in OUTCOMES if outcome.retryable)
