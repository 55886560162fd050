"""What an administrator may say about a UCCE campaign: one table, by Cisco's ranges (ucce/REFERENCE.md 1.3).

Names are Cisco's own; `retries.noAnswerDelay` lies nested in `retries`. `default` is what UCCE takes where nothing is
said, `recommended` what suits callbacks that were promised to a customer.
"""

from dataclasses import dataclass
from typing import Any

from shared.callbacks.windows_zones import WINDOWS_ZONES


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind` is boolean, integer, decimal (one decimal place), choice, date, time, digits or time_zone."""

    name: str
    group: str
    label: str
    help: str
    kind: str
    default: Any = None
    recommended: Any = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    options: tuple[str, ...] = ()


def _minutes(name: str, label: str, default: int, when: str) -> Parameter:
    return Parameter(f"retries.{name}", "retries", label, f"Until UCCE dials again after {when}.", "integer", default,
                     minimum=1, maximum=99_999, unit="minutes")  # fmt: skip


def _analysis(name: str, label: str, help: str, low: int, high: int, default: int) -> Parameter:
    return Parameter(f"callProgressAnalysis.{name}", "call progress analysis", label, help, "integer", default,
                     minimum=low, maximum=high, unit="ms")  # fmt: skip


PARAMETERS = (
    Parameter("dialingMode", "dialing", "Dialing mode",
              "How UCCE dials. INBOUND is off. Promised callbacks suit progressive.", "choice", None,
              "PROGRESSIVEONLY",
              options=("INBOUND", "PREDICTIVEONLY", "PREVIEWONLY", "PROGRESSIVEONLY", "PREVIEWDIRECTONLY")),
    Parameter("campaignPurposeType", "dialing", "Purpose", "To agents, or to an IVR (progressive or predictive only).",
              "choice", "agentCampaign", "agentCampaign", options=("agentCampaign", "ivrCampaign")),
    Parameter("reservationPercentage", "dialing", "Share of agents",
              "How much of the idle agents the campaign may reserve.", "integer", 100, minimum=0, maximum=100,
              unit="%"),
    Parameter("linesPerAgent", "dialing", "Lines per agent",
              "Numbers dialled for each reserved agent; predictive: to begin with.", "decimal", 1.5, 1, minimum=1,
              maximum=100),
    Parameter("maximumLinesPerAgent", "dialing", "Most lines per agent",
              "Predictive mode never dials more than these.", "decimal", 2, minimum=1, maximum=100),
    Parameter("maxAttempts", "dialing", "Attempts",
              "How often UCCE itself calls, where it is UCCE that retries. Not while the campaign runs: UCCE then "
              "rewrites every record.",
              "integer", 3, minimum=1, maximum=100),
    Parameter("noAnswerRingLimit", "dialing", "Rings", "Rings until a call counts as not answered.", "integer", 4, 5,
              minimum=2, maximum=10, unit="rings"),
    Parameter("minimumCallDuration", "dialing", "Shortest call",
              "A shorter call counts as abandoned by the customer; 0: off.", "integer", 1, minimum=0, maximum=10,
              unit="seconds"),
    Parameter("campaignPrefix", "dialing", "Campaign prefix",
              "Put before every number by UCCE, for the caller id for example.", "digits", maximum=15),
    Parameter("timeZone", "window", "Time zone", "Windows' name; for numbers whose own zone UCCE does not know.",
              "time_zone", "UTC", "UTC", options=tuple(WINDOWS_ZONES)),
    Parameter("startTime", "window", "From", "UCCE dials from this time on, in the customer's time.", "time", None,
              "00:00"),
    Parameter("endTime", "window", "Until", "UCCE dials until this time, in the customer's time.", "time", None,
              "23:59"),
    Parameter("startDate", "window", "First day", "UCCE dials from this day on.", "date"),
    Parameter("endDate", "window", "Last day", "UCCE dials until this day.", "date"),
    _minutes("noAnswerDelay", "After no answer", 60, "no answer"),
    _minutes("busySignalDelay", "After busy", 60, "a busy signal"),
    _minutes("customerAbandonedDelay", "After a hang-up", 30, "the customer hung up at once"),
    _minutes("dialerAbandonedDelay", "After no agent", 60, "a call for which no agent was free"),
    _minutes("answeringMachineDelay", "After a machine", 60, "an answering machine"),
    _minutes("customerNotHomeDelay", "After another person", 60, "another person answered"),
    Parameter("abandonEnabled", "predictive", "Limit abandoned calls", "Predictive: slow down near the limit.",
              "boolean", True),
    Parameter("abandonPercent", "predictive", "Abandoned calls", "Predictive: the limit of calls without an agent.",
              "decimal", 3, minimum=1, maximum=100, unit="%"),
    Parameter("predictiveCorrectionPace", "predictive", "Correction pace",
              "Predictive: calls between two corrections.", "integer", 70, minimum=10, maximum=5000, unit="calls"),
    Parameter("predictiveGain", "predictive", "Gain", "Predictive: the size of a correction.", "decimal", 1,
              minimum=0.1, maximum=3),
    Parameter("personalizedCallbackEnabled", "agent callbacks", "Personal callbacks",
              "Agents may book UCCE's own personal callbacks.", "boolean", False),
    Parameter("rescheduleCallbackMode", "agent callbacks", "Missed personal callback",
              "What UCCE does when the agent is not there.", "choice", "useCampaignDN",
              options=("useCampaignDN", "sameTimeNextBusinessDay", "abandon")),
    Parameter("ipAmdEnabled", "answering machines", "Detect machines", "Tell answering machines from people.",
              "boolean", True),
    Parameter("amdTreatmentMode", "answering machines", "A machine answers", "What becomes of the call.", "choice",
              "abandonCall", "transferToAgent", options=("abandonCall", "transferToAgent", "transferToIVRRoutePoint")),
    Parameter("ipTerminatingBeepDetect", "answering machines", "Wait for the beep",
              "Transfer only after the machine's beep.", "boolean", False),
    Parameter("callProgressAnalysis.enabled", "call progress analysis", "Analyse calls",
              "Off: no voice, fax or machine detection.", "boolean", True),
    Parameter("callProgressAnalysis.record", "call progress analysis", "Record",
              "The dialer keeps recordings, for tuning only.", "boolean", False),
    _analysis("minSilencePeriod", "Silence", "Silence that ends a greeting.", 100, 1000, 608),
    _analysis("analysisPeriod", "Analysis", "How long the greeting is analysed.", 1000, 10_000, 2500),
    _analysis("minimumValidSpeech", "Shortest speech", "What counts as speech.", 50, 500, 112),
    _analysis("maxTimeAnalysis", "Longest analysis", "Then the analysis gives up.", 1000, 10_000, 3000),
    _analysis("maxTermToneAnalysis", "Longest wait for the beep", "Then the machine's beep is given up.", 1000, 60_000,
              30_000),
)  # fmt: skip
