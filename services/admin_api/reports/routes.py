"""Reports: the five views, as JSON a page at a time, or whole as CSV."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask.views import MethodView
from marshmallow import fields, validate

from services.admin_api.callbacks.filters import slot_zones
from services.admin_api.framework import csv_response
from services.admin_api.framework.fields import Instant, no_default
from services.admin_api.framework.limits import LIMIT_SECONDS
from services.admin_api.framework.paging import Page, PageQuery, PageSchema
from services.admin_api.framework.time_range import OF_ITS_SLOT, bound_field
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.masked_fields import Phone, TextWithPhones
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.reports.queries import FREE_TEXTS, MAX_COUNTED, ReportQuery, Zones, page, report_file
from shared import deadline
from shared.db.audit import write_audit as audit
from shared.db.session import Database, retried
from shared.reports.definitions import REPORTS, Column, Report
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, Length, NameText, camel

blueprint = require_session(
    AdminBlueprint("reports", __name__, url_prefix="/admin/api/v1/reports", description=__doc__)
)

_KINDS: dict[str, Callable[..., fields.Field[Any]]] = {
    "text": fields.String,
    "phone": Phone,
    "integer": fields.Integer,
    "instant": Instant,
}


def _kind(column: Column) -> Callable[..., fields.Field[Any]]:
    return TextWithPhones if column.name in FREE_TEXTS else _KINDS[column.kind]


def _row_schema(report: Report) -> type[ApiSchema]:
    columns = {
        column.name: _kind(column)(required=True, allow_none=True, metadata={"description": column.description})
        for column in report.columns
    }
    return type(f"{report.name.title()}ReportRowSchema", (ApiSchema,), columns)


def _page_schema(report: Report) -> type[PageSchema]:
    items = fields.List(fields.Nested(_row_schema(report)), required=True)
    return type(f"{report.name.title()}ReportPageSchema", (PageSchema,), {"items": items})


class _ReportQuery(PageQuery):
    """`q` is a part of the skill's or the campaign's name."""

    loads = ReportQuery

    skill = NameText(load_default=no_default, validate=Length(1, 64), metadata={"description": "Its name"})
    campaign = NameText(load_default=no_default, validate=Length(1, 64), metadata={"description": "Its name"})
    from_ = bound_field(f"From then on: {OF_ITS_SLOT}; 7 days ago when neither is given", "from")
    to = bound_field(f"Before then, of a date to its end: {OF_ITS_SLOT}")
    format = fields.String(
        load_default=no_default,
        validate=validate.OneOf(["json", "csv"]),
        metadata={"description": "csv: the whole report as a file, as with `Accept: text/csv`"},
    )


def _query_schema(report: Report) -> type[ApiSchema]:
    names = [camel(column.name) for column in report.columns]
    allowed = [*names, *(f"-{name}" for name in names)]
    sort = fields.String(load_default=no_default, validate=validate.OneOf(allowed))
    return type(f"_{report.name.title()}Query", (_ReportQuery,), {"sort": sort})


def _has_phones(report: Report) -> bool:
    return any(column.name == "phone" for column in report.columns)


def _route(report: Report) -> None:
    """The operation of one report."""

    @blueprint.route(f"/{report.name}", endpoint=report.name)
    class OneReport(MethodView):
        @blueprint.arguments(_query_schema(report), location="query")
        @blueprint.response(200, _page_schema(report))
        @blueprint.alt_response(200, schema={"type": "string"}, content_type=csv_response.TYPE, success=True)
        @blueprint.doc(
            summary=report.title,
            description=f"{report.description} With `format=csv` or `Accept: text/csv` the whole report as a file.",
        )
        @blueprint.operation(
            f"get{report.name.title()}Report", Role.VIEWER, Scoped.SKILLS, shows_phones=_has_phones(report)
        )
        def get(self, query: ReportQuery) -> Any:
            with deadline.within(LIMIT_SECONDS):
                return _answer(report, query)


def _answer(report: Report, query: ReportQuery) -> Any:
    deps = dependencies()
    database, now, scope = deps.database, deps.now(), current_user().scope
    snapshot = deps.config_cache.current()
    zones = Zones(ZoneInfo(snapshot.settings.default_time_zone), slot_zones(snapshot))
    names = snapshot.spelling(query.skill, query.campaign)
    query = replace(query, skill=names["skill"], campaign=names["campaign"])
    if any(column.kind == "phone" and camel(column.name) == (query.sort or "").removeprefix("-")
           for column in report.columns):  # fmt: skip
        scope.require_phones("Sorting by number")
    best = request.accept_mimetypes.best_match(["application/json", csv_response.TYPE], "application/json")
    if query.format == "csv" or (query.format is None and best == csv_response.TYPE):
        scope.require_export()
        file = report_file(database, report, query, scope, zones, now)
        _audit(database, report, file.rows, current_user(), now)
        return file.response(f"{report.name}.csv")
    rows, total = page(database, report, query, scope, zones, now)
    return Page.of(query, rows, total, max_counted=MAX_COUNTED)


@retried
def _audit(database: Database, report: Report, rows: int, by: CurrentUser, now: datetime) -> None:
    """Write the export to the audit log: the file may hold personal data."""
    with database.writing() as tx:
        audit(tx, by, "export", "reports", report.name, now=now, label=f"{rows} rows",
              skills=by.scope.skill_ids or ())  # fmt: skip
        tx.commit()


for _report in REPORTS:
    _route(_report)
