"""Rules between the fields of a campaign and between campaigns."""

import json
from sqlite3 import Connection
from typing import Any

from deploy.sandbox.ucce_simulator import errors
from deploy.sandbox.ucce_simulator.campaign_fields import Reading
from deploy.sandbox.ucce_simulator.wire import BASE_PATH

RESERVED_NAMES = ("dnc", "none")
MAX_SKILL_GROUPS = 20  # ucce/REFERENCE.md 1.9
# A campaign made with the Outbound Campaign tool: its name is taken, the API does not show it (fact 6).
LEGACY_CAMPAIGN = (5000, "Legacy_Campaign")
_IVR_MODES = ("INBOUND", "PREDICTIVEONLY", "PROGRESSIVEONLY", None)
_SKILL_GROUP_PREFIX = f"{BASE_PATH}/skillgroup/"


def check(campaign: dict[str, Any]) -> list[errors.ApiError]:
    """Rules that need no other campaign."""
    problems = []
    name = campaign.get("name")
    if not name:
        problems.append(errors.required("name"))
    elif name.lower() in RESERVED_NAMES:
        problems.append(errors.ApiError("invalidInput.reservedName", f"{name} is a reserved name", "name"))
    if not campaign["skillGroupInfos"]:  # Assumption: what the web page requires, the API requires too
        problems.append(errors.required("skillGroupInfos"))
    if len(campaign["skillGroupInfos"]) > MAX_SKILL_GROUPS:
        problems.append(errors.out_of_range("skillGroupInfos", 1, MAX_SKILL_GROUPS))
    # Assumption: a window ends after it began, on the same day.
    for start, end in (("startDate", "endDate"), ("startTime", "endTime")):
        first, last = campaign.get(start), campaign.get(end)
        if first and last and (last < first or (end == "endTime" and last == first)):
            problems.append(errors.bad_format(end, f"{end} must be after {start}"))
    if campaign["campaignPurposeType"] == "ivrCampaign" and campaign.get("dialingMode") not in _IVR_MODES:
        problems.append(errors.bad_format("dialingMode", "An IVR campaign dials progressive or predictive"))
    return problems


def check_others(connection: Connection, campaign: dict[str, Any], own_id: int | None) -> list[errors.ApiError]:
    """Unique name (Assumption: whatever the case), and a skill group belongs to one campaign only (1.3)."""
    problems = []
    rows = connection.execute("SELECT id, name_key, fields FROM campaign WHERE deleted = 0").fetchall()
    others = [row for row in rows if row["id"] != own_id]
    key = str(campaign.get("name", "")).lower()
    if key in {*(row["name_key"] for row in others), LEGACY_CAMPAIGN[1].lower()}:
        # Assumption: the type's name.
        problems.append(errors.ApiError("invalidInput.duplicateName", "The name is already in use", "name"))
    used = {info["skillGroup"] for row in others for info in json.loads(row["fields"])["skillGroupInfos"]}
    for info in campaign["skillGroupInfos"]:
        if info["skillGroup"] in used:
            message = f"Skill group {info['skillGroup']} already belongs to another campaign"
            problems.append(errors.bad_reference("skillGroup", message))
    return problems


def apply_skill_groups(connection: Connection, reading: Reading, campaign: dict[str, Any], *, again: bool) -> None:
    """skillGroupInfos replaces the list (Assumption); …Added and …Removed change it (update only).

    `again`: a group that is added although it is there already stands there twice then (behaviour `addedAgain`).
    """
    infos = {info["skillGroup"]: info for info in campaign["skillGroupInfos"]}
    if "skillGroupInfos" in reading.elements:
        infos = _resolve(connection, reading, "skillGroupInfos")
    if "skillGroupInfosRemoved" in reading.elements:
        for group in _resolve(connection, reading, "skillGroupInfosRemoved"):
            infos.pop(group, None)
    added = _resolve(connection, reading, "skillGroupInfosAdded") if "skillGroupInfosAdded" in reading.elements else {}
    if again:
        campaign["skillGroupInfos"] = [*infos.values(), *added.values()]
    else:
        campaign["skillGroupInfos"] = list((infos | added).values())


def _resolve(connection: Connection, reading: Reading, element: str) -> dict[int, dict[str, Any]]:
    settings_by_id: dict[int, dict[str, Any]] = {}
    for url, settings in reading.skill_group_infos(element):
        number = url.removeprefix(_SKILL_GROUP_PREFIX)
        if not url:
            reading.problems.append(errors.required("skillGroup"))
        elif not number.isdecimal() or not _exists(connection, int(number)):
            reading.problems.append(errors.bad_reference("skillGroup", f"There is no such skill group: {url}"))
        else:
            settings_by_id[int(number)] = settings | {"skillGroup": int(number)}
    return settings_by_id


def _exists(connection: Connection, number: int) -> bool:
    return bool(connection.execute("SELECT 1 FROM skill_group WHERE id = ?", (number,)).fetchone())
