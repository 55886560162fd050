"""Campaign API (ucce/REFERENCE.md 1.3): create, get, list, update, delete, disable all."""

import json
import sqlite3
from dataclasses import replace
from typing import Any

from deploy.sandbox.ucce_simulator import errors, paging, search, xmlbody, zones
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.campaign_fields import Reading, defaults
from deploy.sandbox.ucce_simulator.campaign_rules import LEGACY_CAMPAIGN, apply_skill_groups, check, check_others
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request

_SORTABLE = (
    "name", "description", "startDate", "endDate", "enabled", "campaignPurposeType", "timezone", "dialingMode",
)  # fmt: skip
_SEARCHED = ("name", "description")


def find(connection: sqlite3.Connection, campaign_id: int) -> sqlite3.Row:
    """The campaign's row. Raises RefusedError (404) for unknown ids and for campaigns not made by the API."""
    row = connection.execute("SELECT * FROM campaign WHERE id = ? AND deleted = 0", (campaign_id,)).fetchone()
    if campaign_id == LEGACY_CAMPAIGN[0]:
        # Assumption: the exception's name stands in errorType, with 404.
        raise errors.RefusedError(404, errors.ApiError("CceDBDataNotFoundException", "Not created by the API"))
    if row is None:
        raise errors.not_found("There is no such campaign")
    return row  # type: ignore[no-any-return]


def read_body(request: Request, *, update: bool) -> Reading:
    try:
        return Reading(xmlbody.parse(request.body, "campaign"), update=update)
    except xmlbody.XmlError as error:
        raise errors.RefusedError(400, errors.ApiError("invalidInput.malformedXml", str(error))) from error


def create(ucce: Ucce, request: Request) -> Answer:
    reading = read_body(request, update=False)
    with ucce.store.transaction() as connection:
        campaign = defaults() | _times(ucce.behaviour.of("dialingTimes"))
        _fill(ucce, connection, reading, campaign, None)
        cursor = connection.execute(
            "INSERT INTO campaign (name_key, change_stamp, fields) VALUES (?, 0, ?)",
            (campaign["name"].lower(), json.dumps(campaign)),
        )
    location = f"{ucce.page_base(request)}{BASE_PATH}/campaign/{cursor.lastrowid}"
    made = Answer(201, headers={"Location": location})
    answered = ucce.behaviour.of("createAnswer")
    return ucce.tasks.keep(made, ucce.page_base(request)) if answered == "202" else replace(made, status=int(answered))


def _times(dialing_times: str) -> dict[str, Any]:
    """The default startTime and endTime of a new campaign, none for the whole day."""
    start, _, end = dialing_times.partition("-")
    return {"startTime": start, "endTime": end} if end else {}


def update(ucce: Ucce, request: Request) -> Answer:
    """Only what the body names changes; the changeStamp must be the present one."""
    with ucce.store.transaction() as connection:
        row = find(connection, request.id("campaign"))
        reading = read_body(request, update=True)
        _check_stamp(ucce, xmlbody.text(reading.elements.get("changeStamp")), row["change_stamp"])
        campaign = json.loads(row["fields"])
        _fill(ucce, connection, reading, campaign, row["id"])
        connection.execute(
            "UPDATE campaign SET name_key = ?, fields = ?, change_stamp = change_stamp + 1 WHERE id = ?",
            (campaign["name"].lower(), json.dumps(campaign), row["id"]),
        )
    return Answer()


def _check_stamp(ucce: Ucce, stamp: str, current: int) -> None:
    if not stamp:
        raise errors.RefusedError(400, errors.required("changeStamp"))
    if stamp != str(current):
        # Assumption: status and type; Cisco documents neither (ucce/REFERENCE.md 9, point 3).
        message = "The item was changed by another user; read it again"
        status = int(ucce.behaviour.of("staleChangeStamp"))
        raise errors.RefusedError(status, errors.ApiError("operation.staleChangeStamp", message, "changeStamp"))


def _fill(
    ucce: Ucce, connection: sqlite3.Connection, reading: Reading, campaign: dict[str, Any], own_id: int | None
) -> None:
    reading.apply(campaign)
    apply_skill_groups(connection, reading, campaign, again=ucce.behaviour.added_again)
    problems = reading.problems
    if own_id is None and "timeZone" not in reading.elements and ucce.behaviour.of("timeZone") == "required":
        problems = [*problems, errors.required("timeZone")]
    if not problems:
        problems = check(campaign) + check_others(connection, campaign, own_id)
    if problems:
        raise errors.RefusedError(400, problems)


def get(ucce: Ucce, request: Request) -> Answer:
    with ucce.store.transaction() as connection:
        row = find(connection, request.id("campaign"))
        return Answer(body=xmlbody.render("campaign", _nodes(connection, row)))


def delete(ucce: Ucce, request: Request) -> Answer:
    """Into Deleted Objects. Assumption: its name is free again and its contacts are gone."""
    with ucce.store.transaction() as connection:
        row = find(connection, request.id("campaign"))
        connection.execute("UPDATE campaign SET deleted = 1 WHERE id = ?", (row["id"],))
        connection.execute("DELETE FROM contact WHERE campaign_id = ?", (row["id"],))
    return Answer()


def list_all(ucce: Ucce, request: Request) -> Answer:
    conditions = search.terms(request.query.get("q", ""), _SEARCHED)
    sort, descending = paging.sort_of(request, _SORTABLE)
    field = "timeZone" if sort == "timezone" else sort
    with ucce.store.transaction() as connection:
        matching = []
        for row in connection.execute("SELECT * FROM campaign WHERE deleted = 0 ORDER BY id").fetchall():
            campaign = json.loads(row["fields"])
            if search.matches({name: campaign.get(name, "") for name in _SEARCHED}, conditions):
                matching.append((str(campaign.get(field, "")).casefold(), row))
        matching.sort(key=lambda pair: pair[0], reverse=descending)
        page = paging.page_of(request, len(matching))
        shown = matching[page.start : page.start + page.size]
        items: list[xmlbody.Node] = [("campaign", _nodes(connection, row)) for _, row in shown]
    return paging.answer(ucce, request, page, "campaigns", items)


def disable_all(ucce: Ucce, request: Request) -> Answer:
    """Emergency stop: every campaign gets enabled=false; active contacts go back undialled (result 25)."""
    with ucce.store.transaction() as connection:
        for row in connection.execute("SELECT id, fields FROM campaign WHERE deleted = 0").fetchall():
            campaign = json.loads(row["fields"])
            if campaign["enabled"] == "true":
                campaign["enabled"] = "false"
                connection.execute(
                    "UPDATE campaign SET fields = ?, change_stamp = change_stamp + 1 WHERE id = ?",
                    (json.dumps(campaign), row["id"]),
                )
        connection.execute("UPDATE contact SET status = 'P', result = 25, due_at = 0 WHERE status = 'A'")
    return Answer()


def _nodes(connection: sqlite3.Connection, row: sqlite3.Row) -> list[xmlbody.Node]:
    """In Cisco's order: stamp and references, then the fields by name, then the groups."""
    campaign = json.loads(row["fields"])
    nested = ("retries", "callProgressAnalysis", "skillGroupInfos", "timeZone")
    zone = zones.all_zones()[campaign["timeZone"]]
    return [
        ("changeStamp", row["change_stamp"]),
        ("refURL", f"{BASE_PATH}/campaign/{row['id']}"),
        ("import", [("refURL", f"{BASE_PATH}/import/{row['id']}")]),
        *((name, campaign[name]) for name in sorted(campaign) if name not in nested),
        ("retries", list(campaign["retries"].items())),
        ("skillGroupInfos", [_skill_group_info(connection, info) for info in campaign["skillGroupInfos"]]),
        ("timeZone", [("displayName", zone.display_name), ("refURL", zone.url)]),
        ("callProgressAnalysis", list(campaign["callProgressAnalysis"].items())),
    ]


def _skill_group_info(connection: sqlite3.Connection, info: dict[str, Any]) -> xmlbody.Node:
    group = connection.execute("SELECT * FROM skill_group WHERE id = ?", (info["skillGroup"],)).fetchone()
    settings: list[xmlbody.Node] = [(name, value) for name, value in sorted(info.items()) if name != "skillGroup"]
    reference: xmlbody.Node = (
        "skillGroup",
        [("refURL", f"{BASE_PATH}/skillgroup/{group['id']}"), ("name", group["name"])],
    )
    return "skillGroupInfo", [*settings, reference]
