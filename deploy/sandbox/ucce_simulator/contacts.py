"""Import API, reading side (ucce/REFERENCE.md 1.5.1, 1.5.3): pages, one contact, CSV, template."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from typing import Any

from deploy.sandbox.ucce_simulator import campaigns, errors, paging, search, xmlbody, zones
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.import_rows import COLUMNS, PHONE_COLUMNS
from deploy.sandbox.ucce_simulator.outcomes import STATUS_NAMES
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request
from deploy.sandbox.ucce_simulator.zones import Zone

Spelling = Callable[[sqlite3.Row], str]
_FIELDS = {"accountNumber": "account_number", "firstName": "first_name", "lastName": "last_name"}
# Assumption: the CSV's columns beyond those of an import.
_CSV_COLUMNS = (*COLUMNS, "CallsMade", "CallStatus", "CallResultOverall", "ImportDate")


def list_all(ucce: Ucce, request: Request) -> Answer:
    """Sorted by account number unless asked otherwise, as the API's reference says."""
    if "text/csv" in request.headers.get("Accept", ""):
        return as_csv(ucce, request)
    sort, descending = paging.sort_of(request, tuple(_FIELDS))
    direction = "DESC" if descending else "ASC"
    order = f"{_FIELDS[sort]} COLLATE NOCASE {direction}, id {direction}"
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        where, values = _conditions(ucce, campaign["id"], request.query.get("q", ""))
        total = connection.execute(f"SELECT count(*) FROM contact WHERE {where}", values).fetchone()[0]  # noqa: S608
        page = paging.page_of(request, total, ucce.behaviour.of("pageCap"))
        # the inner query walks an index alone, so a late page costs little more than the first
        rows = connection.execute(
            f"SELECT * FROM contact WHERE campaign_id = ? AND id IN"  # noqa: S608 - only names from this module
            f" (SELECT id FROM contact WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}",
            [campaign["id"], *values, page.size, page.start],
        ).fetchall()
    zone = _zone(campaign)
    spelling = _spelling(ucce)
    items: list[xmlbody.Node] = [("importContact", _nodes(row, zone, spelling)) for row in rows]
    return paging.answer(ucce, request, page, "importContacts", items)


def _conditions(ucce: Ucce, campaign_id: int, query: str = "") -> tuple[str, list[Any]]:
    where, values = ["campaign_id = ?"], [campaign_id]
    if lag := ucce.behaviour.list_lag:
        where.append("imported_at <= ?")
        values.append(ucce.clock.seconds() - lag)  # type: ignore[arg-type]
    for field, text in search.terms(query, tuple(_FIELDS)):
        if field is None:
            where.append("instr(search, ?) > 0")
        else:
            where.append(f"instr(casefold({_FIELDS[field]}), ?) > 0")
        values.append(text)  # type: ignore[arg-type]
    return " AND ".join(where), values


def get(ucce: Ucce, request: Request) -> Answer:
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        where, values = _conditions(ucce, campaign["id"])
        row = connection.execute(
            f"SELECT * FROM contact WHERE {where} AND id = ?",  # noqa: S608 - only names from this module
            [*values, request.id("contact")],
        ).fetchone()
    if row is None:
        raise errors.not_found("There is no such contact")
    return Answer(body=xmlbody.render("importContact", _nodes(row, _zone(campaign), _spelling(ucce))))


def _zone(campaign: sqlite3.Row) -> Zone:
    return zones.all_zones()[json.loads(campaign["fields"])["timeZone"]]


def _spelling(ucce: Ucce) -> Spelling:
    """How call statuses are written: as documented, with a capital, or as test control says of single contacts."""
    shown: dict[str, str] = ucce.store.setting("statuses", {})
    with_capital = ucce.behaviour.of("statusSpelling") == "capitals"

    def spelt(row: sqlite3.Row) -> str:
        given = next((text for start, text in shown.items() if row["account_number"].startswith(start)), None)
        name = STATUS_NAMES[row["status"]]
        return given or (name[0].upper() + name[1:] if with_capital else name)

    return spelt


def _nodes(row: sqlite3.Row, zone: Zone, spelling: Spelling) -> list[xmlbody.Node]:
    """Optional elements are absent when empty. Without a bias the campaign's zone counts (no region prefixes here)."""
    bias = zone.bias if row["bias"] is None else row["bias"]
    dst = zone.dst_observed if row["bias"] is None else bool(row["dst"])
    offset = 1440 - bias if bias > 0 else -bias
    results = json.loads(row["phone_results"])
    phones: list[xmlbody.Node] = [
        (
            f"phone{index}",
            [("callResult", results.get(index, 0)), ("dstObserved", dst), ("gmtOffset", offset), ("number", number)],
        )
        for index, number in json.loads(row["phones"]).items()
    ]
    return [
        ("refURL", f"{BASE_PATH}/campaign/{row['campaign_id']}/import/{row['id']}"),
        ("accountNumber", row["account_number"] or None),
        ("callsMade", row["calls_made"]),
        ("callStatus", spelling(row)),
        ("callResultOverall", row["result"]),
        ("firstName", row["first_name"] or None),
        ("lastName", row["last_name"] or None),
        ("importDate", row["import_date"]),
        *phones,
    ]


def as_csv(ucce: Ucce, request: Request) -> Answer:
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        where, values = _conditions(ucce, campaign["id"])
        rows = connection.execute(f"SELECT * FROM contact WHERE {where} ORDER BY id", values)  # noqa: S608 - as above
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_CSV_COLUMNS)
        writer.writerows(_csv_row(row) for row in rows)
    return _attachment("Contacts.csv", text.getvalue())


def _csv_row(row: sqlite3.Row) -> list[Any]:
    phones = json.loads(row["phones"])
    return [
        row["account_number"], row["first_name"], row["last_name"],
        *(phones.get(column[5:], "") for column in PHONE_COLUMNS),
        "" if row["bias"] is None else row["bias"], "true" if row["dst"] else "false",
        row["calls_made"], STATUS_NAMES[row["status"]], row["result"], row["import_date"],
    ]  # fmt: skip


def template(ucce: Ucce, request: Request) -> Answer:
    return _attachment("Template.csv", ",".join(COLUMNS) + "\r\n")


def _attachment(name: str, text: str) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(body=text.encode(), content_type="text/csv;charset=UTF-8", headers=headers)
