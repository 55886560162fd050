"""CallResult codes (ucce/REFERENCE.md 2.3): the status each gives a record, and the campaign counter it adds to."""

from dataclasses import dataclass
from typing import Any

STATUS_NAMES = {
    "P": "pending", "A": "active", "R": "retry", "B": "callbackRequested", "U": "unknown", "C": "closed",
    "M": "maxAttemptsReached", "J": "agentRejected", "F": "fax", "S": "personalCallbackRequested",
    "X": "agentNotAvailable", "D": "dialed", "L": "invalid",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """`retry`: the campaign's delay that applies, "" for none. `counts`: is an attempt. `live`: a person spoke."""

    counter: str
    retry: str = ""
    counts: bool = True
    live: bool = False


# Assumption: 8, 27 and 28 count as attempts though the table prints "No" (ucce/REFERENCE.md 9, point 14); 29..31 count.
OUTCOMES = {
    2: Outcome("", counts=False),
    3: Outcome(""),
    4: Outcome("noRingBackDetectCount", "noAnswerDelay"),
    5: Outcome("sitToneDetectCount"),
    6: Outcome("noDialToneDetectCount", "noAnswerDelay"),
    7: Outcome("sitToneDetectCount"),
    8: Outcome("noAnswerDetectCount", "noAnswerDelay"),
    9: Outcome("busyCount", "busySignalDelay"),
    10: Outcome("voiceCount", live=True),
    11: Outcome("faxDetectCount"),
    12: Outcome("answeringMachineCount", "answeringMachineDelay"),
    13: Outcome("cancelledDetectCount", "dialerAbandonedDelay"),
    14: Outcome("callBackCount", live=True),
    15: Outcome("callBackCount"),
    16: Outcome("abandonDetectCount", "dialerAbandonedDelay", live=True),
    17: Outcome("", "noAnswerDelay", counts=False),
    18: Outcome("agentRejectedCount", "noAnswerDelay", counts=False),
    19: Outcome("agentClosedCount", counts=False),
    20: Outcome("abandonToIvrCount", "dialerAbandonedDelay", live=True),
    21: Outcome("customerAbandonDetectCount", "customerAbandonedDelay", live=True),
    22: Outcome("networkAnsMachineCount", "answeringMachineDelay"),
    23: Outcome("wrongNumberCount", live=True),
    24: Outcome("customerNotHomeCount", "customerNotHomeDelay", live=True),
    25: Outcome("", counts=False),
    26: Outcome("", counts=False),
    27: Outcome("noRingBackDetectCount", "noAnswerDelay"),
    28: Outcome("noRingBackDetectCount", "noAnswerDelay"),
    29: Outcome(""),
    30: Outcome(""),
    31: Outcome(""),
    32: Outcome("cancelledDetectCount"),
    33: Outcome("", "noAnswerDelay", counts=False),
}
COUNTERS = sorted({outcome.counter for outcome in OUTCOMES.values() if outcome.counter})
# Assumption: an agent's callback is for an hour later.
_CALLBACK_MINUTES = 60


def status_after(result: int, calls_made: int, campaign: dict[str, Any]) -> tuple[str, float]:
    """(status letter, minutes until it may be dialled again) of a record with this result, calls_made included.

    Assumptions: a fax closes with F; a machine is not called again where the campaign hands machines over; an
    attempt that does not count can be repeated without end; 25 goes straight back to pending.
    """
    outcome = OUTCOMES[result]
    if special := {11: "F", 19: "J", 25: "P"}.get(result):
        return special, 0.0
    again = bool(outcome.retry) or result in (14, 15)
    if result in (12, 22) and campaign["amdTreatmentMode"] != "abandonCall":
        again = False
    if not again:
        return "C", 0.0
    if outcome.counts and calls_made >= int(campaign["maxAttempts"]):
        return ("C" if result in (14, 15) else "M"), 0.0
    if not outcome.retry:
        return "B", float(_CALLBACK_MINUTES)
    return "R", float(campaign["retries"][outcome.retry])
