"""The fields of a campaign (ucce/REFERENCE.md 1.3): ranges, defaults, and reading them from XML.

A campaign is kept as a dict of canonical texts, with `retries` and `callProgressAnalysis` as dicts,
`skillGroupInfos` as a list of dicts and `timeZone` as the Windows name.
"""

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from deploy.sandbox.ucce_simulator import errors, xmlbody, zones
from deploy.sandbox.ucce_simulator.fields import (
    FieldError,
    Reader,
    boolean,
    clock_time,
    date,
    decimal,
    integer,
    one_of,
    text,
)

Table = dict[str, tuple[Reader, str | None]]  # element → (reader, default)

_MINUTES = integer(1, 99999)

SCALARS: Table = {
    "abandonEnabled": (boolean, "true"),
    "abandonPercent": (decimal("1", "100"), "3.0"),
    "amdTreatmentMode": (one_of("abandonCall", "transferToAgent", "transferToIVRRoutePoint"), "abandonCall"),
    "campaignPrefix": (text(15, r"\d+", "This field must contain digits only"), None),
    "campaignPurposeType": (one_of("agentCampaign", "ivrCampaign"), "agentCampaign"),
    "description": (text(255), None),
    "dialingMode": (
        one_of("INBOUND", "PREDICTIVEONLY", "PREVIEWONLY", "PROGRESSIVEONLY", "PREVIEWDIRECTONLY"),
        None,
    ),
    "enabled": (boolean, "false"),
    "endDate": (date, None),
    "endTime": (clock_time, None),
    "ipAmdEnabled": (boolean, "true"),
    "ipTerminatingBeepDetect": (boolean, "false"),
    "linesPerAgent": (decimal("1", "100"), "1.5"),
    "maxAttempts": (integer(1, 100), "3"),
    "maximumLinesPerAgent": (decimal("1", "100"), "2.0"),
    "minimumCallDuration": (integer(0, 10), "1"),
    "name": (
        text(32, r"[A-Za-z0-9][A-Za-z0-9._]*", "Letters, digits, periods and underscores; a letter or digit first"),
        None,
    ),
    "noAnswerRingLimit": (integer(2, 10), "4"),
    "personalizedCallbackEnabled": (boolean, "false"),
    "predictiveCorrectionPace": (integer(10, 5000), "70"),
    "predictiveGain": (decimal("0.1", "3.0"), "1.0"),
    "rescheduleCallbackMode": (
        one_of("useCampaignDN", "sameTimeNextBusinessDay", "abandon"),
        "useCampaignDN",
    ),
    "reservationPercentage": (integer(0, 100), "100"),
    "startDate": (date, None),
    "startTime": (clock_time, None),
}
RETRIES: Table = {
    "answeringMachineDelay": (_MINUTES, "60"),
    "busySignalDelay": (_MINUTES, "60"),
    "customerAbandonedDelay": (_MINUTES, "30"),
    "customerNotHomeDelay": (_MINUTES, "60"),
    "dialerAbandonedDelay": (_MINUTES, "60"),
    "noAnswerDelay": (_MINUTES, "60"),
}
ANALYSIS: Table = {
    "enabled": (boolean, "true"),
    "record": (boolean, "false"),
    "minSilencePeriod": (integer(100, 1000), "608"),
    "analysisPeriod": (integer(1000, 10000), "2500"),
    "minimumValidSpeech": (integer(50, 500), "112"),
    "maxTimeAnalysis": (integer(1000, 10000), "3000"),
    "maxTermToneAnalysis": (integer(1000, 60000), "30000"),
}
SKILL_GROUP: Table = {
    "ivrPorts": (integer(0, 2**31 - 1), "0"),
    "overflowAgents": (integer(0, 100), "0"),
    "recordsToCache": (integer(1, 400), "1"),
    "abandonedRoutePoint": (text(10), None),
    "dialedNumber": (text(10, r"[A-Za-z0-9._]+", "Letters, digits, periods and underscores"), None),
    "ivrRoutePoint": (text(32), None),
}
_GROUPS = {"retries": RETRIES, "callProgressAnalysis": ANALYSIS}
_REFERENCES = {"timeZone", "department", "skillGroupInfos"}
_UPDATE_ONLY = {"skillGroupInfosAdded", "skillGroupInfosRemoved"}
_READ_ONLY = {"refURL", "changeStamp", "import", "permissionInfo"}


def defaults() -> dict[str, Any]:
    """The fields of a campaign with their defaults. Assumption: an absent time zone is UTC, not an error."""
    start: dict[str, Any] = {name: default for name, (_, default) in SCALARS.items() if default is not None}
    for group, table in _GROUPS.items():
        start[group] = {name: default for name, (_, default) in table.items()}
    return start | {"timeZone": "UTC", "skillGroupInfos": []}


class Reading:
    """Applies one XML body to a campaign and collects every problem on the way."""

    def __init__(self, root: Element, *, update: bool) -> None:
        self.elements = xmlbody.children(root)
        self.problems: list[errors.ApiError] = []
        allowed = {*SCALARS, *_GROUPS, *_REFERENCES, *_READ_ONLY, *(_UPDATE_ONLY if update else ())}
        self._refuse_unknown(self.elements, allowed)

    def apply(self, campaign: dict[str, Any]) -> None:
        """Everything but the skill groups, which need the database."""
        self._read(self.elements, SCALARS, campaign)
        for group, table in _GROUPS.items():
            if group in self.elements:
                inner = xmlbody.children(self.elements[group])
                self._refuse_unknown(inner, table)
                self._read(inner, table, campaign[group])
        if "timeZone" in self.elements:
            zone = zones.by_reference(self.reference(self.elements["timeZone"]))
            if zone is None:
                self.problems.append(errors.bad_reference("timeZone", "There is no such time zone"))
            else:
                campaign["timeZone"] = zone.name
        if "department" in self.elements:  # the simulated UCCE has no departments
            self.problems.append(errors.bad_reference("department", "There is no such department"))

    def skill_group_infos(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """(refURL of the skill group, its settings) of each entry below the element `name`."""
        infos = []
        for info in self.elements[name]:
            inner = xmlbody.children(info)
            self._refuse_unknown(inner, {*SKILL_GROUP, "skillGroup"})
            settings = {field: default for field, (_, default) in SKILL_GROUP.items() if default is not None}
            self._read(inner, SKILL_GROUP, settings)
            infos.append((self.reference(inner.get("skillGroup")), settings))
        return infos

    @staticmethod
    def reference(element: Element | None) -> str:
        """The refURL inside a reference; whatever else stands there is ignored."""
        return xmlbody.text(element.find("refURL")) if element is not None else ""

    def _refuse_unknown(self, elements: Iterable[str], allowed: Iterable[str]) -> None:
        known = set(allowed)
        self.problems.extend(errors.unexpected_element(name) for name in elements if name not in known)

    def _read(self, elements: dict[str, Element], table: Table, into: dict[str, Any]) -> None:
        """An empty element means the default. Assumption: on an update too."""
        for name, (reader, default) in table.items():
            if name not in elements:
                continue
            value = xmlbody.text(elements[name])
            if not value and default is None:
                into.pop(name, None)
                continue
            try:
                into[name] = reader(name, value or str(default))
            except FieldError as problem:
                self.problems.append(problem.error)
