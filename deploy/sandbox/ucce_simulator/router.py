"""The paths of the API in one table, and what happens around every handler: auth, disturbances, errors."""

import base64
import hmac
import re
from collections.abc import Callable

from deploy.sandbox.ucce_simulator import (
    campaigns,
    contacts,
    errors,
    imports,
    jsonbody,
    records,
    skillgroups,
    status,
    zones,
)
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.disturbances import NextAnswer
from deploy.sandbox.ucce_simulator.wire import BASE_PATH, Answer, Request

Handler = Callable[[Ucce, Request], Answer]
Entry = tuple[str, str, dict[str, Handler]]


def _fetch_task(ucce: Ucce, request: Request) -> Answer:
    return ucce.tasks.fetch(request.ids["task"], ucce.page_base(request))


# Two paths for each kind of record.
_RECORDS: list[Entry] = []
for _kind in records.KINDS:
    _RECORDS += [
        (f"{_kind}s", f"/{_kind}", {"GET": records.list_all, "POST": records.create}),
        (
            _kind,
            rf"/{_kind}/(?P<record>\d{{1,9}})",
            {"GET": records.get, "PUT": records.update, "DELETE": records.delete},
        ),
    ]

# kind (the name that test controls use), path below the base, handler of each method; a POST to import is special
_TABLE: list[Entry] = [
    ("campaigns", r"/campaign", {"GET": campaigns.list_all, "POST": campaigns.create}),
    ("disable", r"/campaign/disable", {"PUT": campaigns.disable_all}),
    ("template", r"/campaign/import/template", {"GET": contacts.template}),
    (
        "campaign",
        r"/campaign/(?P<campaign>\d{1,9})",
        {"GET": campaigns.get, "PUT": campaigns.update, "DELETE": campaigns.delete},
    ),
    ("status", r"/campaign/(?P<campaign>\d{1,9})/status", {"GET": status.get}),
    ("import", r"/campaign/(?P<campaign>\d{1,9})/import", {"GET": contacts.list_all, "DELETE": imports.delete_all}),
    ("csv", r"/campaign/(?P<campaign>\d{1,9})/import/csv", {"GET": contacts.as_csv}),
    ("contact", r"/campaign/(?P<campaign>\d{1,9})/import/(?P<contact>\d{1,9})", {"GET": contacts.get}),
    *_RECORDS,
    ("timezones", r"/timezone", {"GET": zones.list_zones}),
    ("timezone", r"/timezone/(?P<name>[^/]+)", {"GET": zones.get_zone}),
    ("skillgroups", r"/skillgroup", {"GET": skillgroups.list_all}),
    ("skillgroup", r"/skillgroup/(?P<group>\d{1,9})", {"GET": skillgroups.get}),
    ("task", r"/asyncrequeststatus/db/(?P<task>\d{1,9})", {"GET": _fetch_task}),
]
_ROUTES = [(kind, re.compile(re.escape(BASE_PATH) + path + "/?"), methods) for kind, path, methods in _TABLE]
_ASYNC_KINDS = ("campaigns", "campaign")


def recognise(request: Request) -> dict[str, Handler]:
    """Set the request's kind and ids; returns the handlers by method, empty for a path that UCCE does not have."""
    for kind, pattern, methods in _ROUTES:
        if match := pattern.fullmatch(request.path):
            request.kind, request.ids = kind, match.groupdict()
            return methods
    return {}


def is_authorised(ucce: Ucce, request: Request) -> bool:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    expected = base64.b64encode(f"{ucce.options.user}:{ucce.options.password}".encode())
    return scheme.lower() == "basic" and hmac.compare_digest(value.strip().encode(), expected)


def unauthorised() -> Answer:
    """Assumption: Tomcat's own page, so no apiErrors to parse."""
    headers = {"WWW-Authenticate": 'Basic realm="Unified CCE"'}
    return Answer(401, b"<html><body>Unauthorized</body></html>", "text/html;charset=UTF-8", headers)


def work(ucce: Ucce, request: Request, planned: NextAnswer) -> Answer:
    """Carry out the request; a RefusedError becomes its answer."""
    methods = recognise(request)
    try:
        if not methods:
            raise errors.not_found("There is no such resource")
        if (request.method, request.kind) == ("POST", "import"):
            _check_content_type(ucce, request)
            return imports.take(ucce, request, planned)
        handler = methods.get(request.method)
        if handler is None:
            raise errors.RefusedError(405, errors.ApiError("invalidRequest.method", "The method is not allowed"))
        if request.method in ("POST", "PUT") and request.body:
            _check_content_type(ucce, request)
    except errors.RefusedError as refusal:
        return refusal.answer()
    answer = _carry_out(handler, ucce, request)
    if "json" in request.headers.get("Accept", "") and ucce.behaviour.of("json") == "spoken":
        answer = jsonbody.of(answer)
    if request.query.get("async") == "true" and request.method != "GET" and request.kind in _ASYNC_KINDS:
        return ucce.tasks.keep(answer, ucce.page_base(request))
    return answer


def _carry_out(handler: Handler, ucce: Ucce, request: Request) -> Answer:
    try:
        return handler(ucce, request)
    except errors.RefusedError as refusal:
        return refusal.answer()


def _check_content_type(ucce: Ucce, request: Request) -> None:
    """Accept XML, and JSON when the switch `json` is `spoken`; refuse the rest with 415 (Assumption)."""
    if "json" in request.headers.get("Content-Type", ""):
        if ucce.behaviour.of("json") == "spoken":
            request.body = jsonbody.to_xml(request.body, request.kind)
            return
        raise errors.RefusedError(415, errors.ApiError("invalidRequest.contentType", "Send application/xml"))
