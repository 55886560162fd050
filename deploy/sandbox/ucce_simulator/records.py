"""Do-not-call rules and personal callbacks (ucce/REFERENCE.md 1.6, 1.7): written, listed, changed, deleted one by one.

Neither reaches the dialer here: nobody is on a do-not-call list, and no agent is called for a personal callback.
Assumption: personal callbacks in bulk (`…/personalcallback/import`) are left out.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import errors, paging, search, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request

_TOO_LATE = timedelta(minutes=15)
_PHONE = re.compile(r"[0-9#*]{1,20}").fullmatch
_BOOLEAN = re.compile(r"true|false").fullmatch

Check = Callable[[str], object]


@dataclass(frozen=True)
class Kind:
    """A kind of record: its fields with the values each may have, the required ones, and the defaults."""

    root: str
    wrapper: str
    checks: Mapping[str, Check]
    required: tuple[str, ...]
    defaults: Mapping[str, str]
    searched: tuple[str, ...]


def _at_most(length: int) -> Check:
    return lambda value: len(value.encode()) <= length


def _reference(value: str) -> bool:
    return "/" in value or value.isdecimal()


def _instant(value: str) -> bool:
    try:
        return len(value) == len("2026-11-23T09:00:00") and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


KINDS = {
    "dnc": Kind(
        "dnc",
        "dncs",
        {"name": _at_most(32), "filePath": _at_most(255), "overwrite": _BOOLEAN, "renameFileAfterImport": _BOOLEAN},
        ("name", "filePath"),
        {"overwrite": "false", "renameFileAfterImport": "true"},
        ("name",),
    ),
    "personalcallback": Kind(
        "personalCallback",
        "personalCallbacks",
        {
            "campaign": _reference,
            "agent": _reference,
            "campaignDn": _at_most(12),
            "phone": _PHONE,
            "accountNumber": _at_most(30),
            "maxAttempts": lambda value: value.isdecimal() and int(value) > 0,
            "callbackDateTime": _instant,
            "callStatus": _at_most(32),
            "firstName": _at_most(50),
            "lastName": _at_most(50),
        },
        ("phone", "maxAttempts", "callbackDateTime"),
        {"callStatus": "pending"},
        ("accountNumber", "firstName", "lastName"),
    ),
}


def create(ucce: Ucce, request: Request) -> Answer:
    fields = _read(ucce, request, KINDS[_kind(request)].defaults)
    with ucce.store.transaction() as connection:
        cursor = connection.execute(
            "INSERT INTO record (kind, change_stamp, fields) VALUES (?, 0, ?)", (_kind(request), json.dumps(fields))
        )
    location = f"{ucce.page_base(request)}{BASE_PATH}/{_kind(request)}/{cursor.lastrowid}"
    return Answer(201, headers={"Location": location})


def list_all(ucce: Ucce, request: Request) -> Answer:
    kind = KINDS[_kind(request)]
    conditions = search.terms(request.query.get("q", ""), kind.searched)
    rows = ucce.store.rows("SELECT * FROM record WHERE kind = ? ORDER BY id", (_kind(request),))
    known = [(row["id"], row["change_stamp"], json.loads(row["fields"])) for row in rows]
    matching = [
        one for one in known if search.matches({name: one[2].get(name, "") for name in kind.searched}, conditions)
    ]
    page = paging.page_of(request, len(matching))
    shown = matching[page.start : page.start + page.size]
    items: list[xmlbody.Node] = [(kind.root, _nodes(request, *one)) for one in shown]
    return paging.answer(ucce, request, page, kind.wrapper, items)


def get(ucce: Ucce, request: Request) -> Answer:
    stamp, fields = _find(ucce, request)
    return Answer(body=xmlbody.render(KINDS[_kind(request)].root, _nodes(request, request.id("record"), stamp, fields)))


def update(ucce: Ucce, request: Request) -> Answer:
    """Only what the body names changes. A personal callback may be moved while it is 15 minutes ahead."""
    _, before = _find(ucce, request)
    fields = _read(ucce, request, before)
    with ucce.store.transaction() as connection:
        connection.execute(
            "UPDATE record SET fields = ?, change_stamp = change_stamp + 1 WHERE id = ?",
            (json.dumps(fields), request.id("record")),
        )
    return Answer()


def delete(ucce: Ucce, request: Request) -> Answer:
    _find(ucce, request)
    with ucce.store.transaction() as connection:
        connection.execute("DELETE FROM record WHERE id = ?", (request.id("record"),))
    return Answer()


def _kind(request: Request) -> str:
    return request.kind.removesuffix("s")


def _find(ucce: Ucce, request: Request) -> tuple[int, dict[str, str]]:
    row = ucce.store.row("SELECT * FROM record WHERE kind = ? AND id = ?", (_kind(request), request.id("record")))
    if row is None:
        raise errors.not_found("There is no such item")
    return row["change_stamp"], json.loads(row["fields"])


def _read(ucce: Ucce, request: Request, known: Mapping[str, str]) -> dict[str, str]:
    kind = KINDS[_kind(request)]
    try:
        elements = xmlbody.children(xmlbody.parse(request.body, kind.root))
    except xmlbody.XmlError as error:
        raise errors.RefusedError(400, errors.ApiError("invalidInput.malformedXml", str(error))) from error
    elements.pop("changeStamp", None)
    elements.pop("refURL", None)
    problems = [errors.unexpected_element(name) for name in elements if name not in kind.checks]
    given = {name: xmlbody.text(item.find("refURL") if len(item) else item) for name, item in elements.items()}
    fields = {**known, **{name: value for name, value in given.items() if value}}
    problems += [errors.required(name) for name in kind.required if not fields.get(name)]
    problems += [
        errors.bad_format(name, f"{name} cannot be {value!r}")
        for name, value in given.items()
        if value and name in kind.checks and not kind.checks[name](value)
    ]
    if not problems and "callbackDateTime" in given:
        local = ucce.clock.now().astimezone(ZoneInfo(ucce.options.time_zone)).replace(tzinfo=None)
        if datetime.fromisoformat(fields["callbackDateTime"]) <= local - _TOO_LATE:
            problems.append(errors.bad_format("callbackDateTime", "The time is 15 minutes or more in the past"))
    if problems:
        raise errors.RefusedError(400, problems)
    return fields


def _nodes(request: Request, number: int, stamp: int, fields: dict[str, str]) -> list[xmlbody.Node]:
    return [("refURL", f"{BASE_PATH}/{_kind(request)}/{number}"), ("changeStamp", stamp), *fields.items()]
