"""Import API, writing side (ucce/REFERENCE.md 1.5): take a batch, and delete all contacts.

Whether the good rows of a refused batch are kept is not documented. By default a batch is taken whole or refused whole;
the switch `partialAcceptance` (behaviour.py) has the good rows taken.
"""

import json
import sqlite3
from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import campaigns, errors, import_rows, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.disturbances import NextAnswer
from deploy.sandbox.ucce_simulator.import_rows import Row
from deploy.sandbox.ucce_simulator.journal import instant
from deploy.sandbox.ucce_simulator.wire import Answer, Request

_ELEMENTS = ("fileContent", "delimiter", "overwriteData")


def take(ucce: Ucce, request: Request, planned: NextAnswer) -> Answer:
    """POST …/import. Committed before it is answered, so that a taken batch survives a SIGKILL.

    Assumption: synchronous whatever `?async` says, 200 with an empty body. Nothing looks for duplicates: the same
    row sent twice is two contacts (1.5.4).
    """
    with ucce.store.transaction() as connection:
        campaigns.find(connection, request.id("campaign"))
    rows, problems, overwrite = _read(request)
    request.accounts = [row.account_number for row in rows]
    if planned.fails(request.accounts):
        raise errors.RefusedError(500, errors.ApiError("internalError", planned.message or "Unexpected error"))
    good = _good(planned, rows, problems)
    partial, answered = ucce.behaviour.of("partialAcceptance"), ucce.behaviour.of("importAnswer")
    good = _unknown_keys(ucce, request, good, problems)
    if problems and (partial == "no" or (not good and partial != "silent")):
        raise errors.RefusedError(400, problems)
    if answered == "202 fails":
        failure = errors.RefusedError(500, errors.ApiError("operation.timedOut", "The request was not processed"))
        return ucce.tasks.keep(failure.answer(), ucce.page_base(request))
    now = ucce.clock.now()
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        if overwrite:
            connection.execute("DELETE FROM contact WHERE campaign_id = ?", (campaign["id"],))
            connection.execute("UPDATE campaign SET overwritten = ? WHERE id = ?", (now.timestamp(), campaign["id"]))
        _insert(connection, request, campaign, good, now, ucce.options.time_zone)
        ucce.journal.take(request)
    if not problems or partial == "silent":
        if answered == "202":
            return ucce.tasks.keep(Answer(), ucce.page_base(request))
        return Answer(int(answered))
    if partial == "200":
        return Answer(body=errors.body(errors.ApiError("PARTIAL_SUCCESS", "Some rows were not imported"), *problems))
    raise errors.RefusedError(400, problems)


def _read(request: Request) -> tuple[list[Row], list[errors.ApiError], bool]:
    try:
        elements = xmlbody.children(xmlbody.parse(request.body, "import"))
    except xmlbody.XmlError as error:
        raise errors.RefusedError(400, errors.ApiError("invalidInput.malformedXml", str(error))) from error
    problems = [errors.unexpected_element(name) for name in elements if name not in _ELEMENTS]
    delimiter = xmlbody.text(elements.get("delimiter")) or ","
    if delimiter not in (",", "|"):
        problems.append(errors.bad_format("delimiter", "The delimiter is , or |"))
    overwrite = xmlbody.text(elements.get("overwriteData")) or "false"
    if overwrite not in ("true", "false"):
        problems.append(errors.not_boolean("overwriteData"))
    if problems:
        raise errors.RefusedError(400, problems)
    rows, bad = import_rows.read(xmlbody.text(elements.get("fileContent")), delimiter)
    return rows, bad, overwrite == "true"


def _good(planned: NextAnswer, rows: list[Row], problems: list[errors.ApiError]) -> list[Row]:
    """The rows that test control does not refuse; the errors of the others are appended to `problems`."""
    message = planned.message or "The contact is refused"
    good = []
    for number, row in enumerate(rows, start=1):
        if planned.refuses(row.account_number, list(row.phones.values())):
            problems.append(errors.bad_format("Phone01", f"Row {number}: {message}"))
        else:
            good.append(row)
    return good


def _unknown_keys(ucce: Ucce, request: Request, rows: list[Row], problems: list[errors.ApiError]) -> list[Row]:
    """The rows to take by the switch `duplicateKeys`; the errors of refused ones are appended to `problems`."""
    rule = ucce.behaviour.of("duplicateKeys")
    if rule == "taken":
        return rows
    known = {
        row["account_number"]
        for row in ucce.store.rows(
            "SELECT account_number FROM contact WHERE campaign_id = ?", (request.id("campaign"),)
        )
    }
    again = [row for row in rows if row.account_number in known]
    if rule == "refused":
        problems += [errors.bad_format("AccountNumber", f"{row.account_number} is there already") for row in again]
    return [row for row in rows if row.account_number not in known]


def _insert(
    connection: sqlite3.Connection, request: Request, campaign: sqlite3.Row, rows: list[Row], now: datetime, zone: str
) -> None:
    """Ids go up in the order of the rows: that is the order of dialling (1.5.4)."""
    first, campaign_id = campaign["next_contact"], campaign["id"]
    # Assumption: importDate is local time of the Logger.
    import_date = now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S")
    stamp, taken_at = now.timestamp(), instant()
    connection.executemany(
        "INSERT INTO contact (campaign_id, id, account_number, first_name, last_name, phones, bias, dst, search,"
        " import_date, imported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                campaign_id,
                number,
                row.account_number,
                row.first_name,
                row.last_name,
                json.dumps(row.phones),
                row.bias,
                row.dst,
                f"{row.account_number}\n{row.first_name}\n{row.last_name}".casefold(),
                import_date,
                stamp,
            )
            for number, row in enumerate(rows, start=first)
        ],
    )
    connection.executemany(
        "INSERT INTO taken_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row.account_number,
                request.sequence,
                campaign_id,
                number,
                taken_at,
                row.first_name,
                row.last_name,
                json.dumps(row.phones),
                row.bias,
                row.dst,
            )
            for number, row in enumerate(rows, start=first)
        ],
    )
    connection.execute("UPDATE campaign SET next_contact = ? WHERE id = ?", (first + len(rows), campaign_id))


def delete_all(ucce: Ucce, request: Request) -> Answer:
    """DELETE …/import: every contact of the campaign, those at the dialer included (fact 2)."""
    with ucce.store.transaction() as connection:
        campaign = campaigns.find(connection, request.id("campaign"))
        connection.execute("DELETE FROM contact WHERE campaign_id = ?", (campaign["id"],))
    return Answer()
