"""Reading the report views."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, Unicode, column, func, or_, select, table

from services.admin_api.framework.csv_response import CsvFile, stream
from services.admin_api.framework.limits import LIMIT_SECONDS, MAX_ROWS
from services.admin_api.framework.paging import ListQuery
from services.admin_api.framework.time_range import TimeRange
from services.admin_api.identity.scope import Scope
from services.admin_api.identity.scoped_rows import visible
from shared.db.columns import UtcDateTime
from shared.db.models import Skill
from shared.db.session import Database, retried
from shared.errors import InvalidInput
from shared.reports.definitions import Column, Report
from shared.web.schemas import camel

MAX_COUNTED = 10_000
FREE_TEXTS = ("first_name", "last_name", "message")  # people, clients and UCCE write them
_NARROW = "choose a shorter time"
DEFAULT_SPAN = timedelta(days=7)
MAX_SPAN = timedelta(days=400)

_TYPES: dict[str, Any] = {"text": Unicode, "phone": Unicode, "integer": Integer, "instant": UtcDateTime}

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class ReportQuery(ListQuery):
    """The parameters of a report. `skill` and `campaign` are names; a time range is instants or local dates."""

    skill: str | None
    campaign: str | None
    from_: str | None
    to: str | None
    format: str | None


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones in which rows are shown: that of their slot, and the `default` of those that belong to none."""

    default: ZoneInfo
    of_slots: Collection[ZoneInfo]


@retried
def page(
    database: Database, report: Report, query: ReportQuery, scope: Scope, zones: Zones, now: datetime
) -> tuple[list[dict[str, Any]], int]:
    """The rows of one page, and how many there are; above MAX_COUNTED it means more. Raises validation errors."""
    statement = _query(report, query, scope, zones, now)
    with database.reading(LIMIT_SECONDS) as connection:
        ordered = _ordered(report, statement, query)
        rows = connection.execute(ordered.offset(query.offset).limit(query.page_size)).all()
        counted = statement.limit(MAX_COUNTED + 1).subquery()
        total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    return [_local(row, zones.default) for row in rows], total


@retried
def report_file(
    database: Database, report: Report, query: ReportQuery, scope: Scope, zones: Zones, now: datetime
) -> CsvFile:
    """The whole report as the person sees it. Raises a validation error for more rows than a file should hold."""
    statement = _ordered(report, _query(report, query, scope, zones, now), query)
    with database.reading(LIMIT_SECONDS) as connection:
        rows = (_local(row, zones.default) for row in stream(connection, statement, MAX_ROWS, "from", _NARROW))
        header = [camel(column.name) for column in report.columns]
        return CsvFile(header, ([_cell(row, column, scope) for column in report.columns] for row in rows))


def _cell(row: dict[str, Any], column: Column, scope: Scope) -> Any:
    """A cell of the file as the person sees it."""
    value = row[column.name]
    if column.kind == "phone":
        return scope.phone(value)
    return scope.text(value) if column.name in FREE_TEXTS else value


def _view(report: Report) -> Any:
    columns = {field.name: column(field.name, _TYPES[field.kind]()) for field in report.columns}
    columns.setdefault(report.time, column(report.time, UtcDateTime()))
    return table(report.view, *columns.values())


def _query(report: Report, query: ReportQuery, scope: Scope, zones: Zones, now: datetime) -> Statement:
    """The report as far as the person sees it. The views name skills; a request's skill may be none of ours."""
    view = _view(report)
    statement = select(*(_to_response(view.c[field.name], field.total).label(field.name) for field in report.columns))
    if report.grouped:
        statement = statement.group_by(*(view.c[field.name] for field in report.columns if not field.total))
    if scope.is_limited:
        statement = statement.where(view.c.skill.in_(select(Skill.name).where(*visible(scope, Skill))))
    for name in ("skill", "campaign"):
        if value := getattr(query, name):
            statement = statement.where(view.c[name] == value)
    if query.q:
        statement = statement.where(
            or_(*(view.c[name].icontains(query.q, autoescape=True) for name in ("skill", "campaign")))
        )
    if report.name == "realtime" and not (query.from_ or query.to):
        return statement
    shown_in = func.coalesce(view.c.time_zone, zones.default.key)
    times = _times(query, zones.default, now)
    return statement.where(*times.conditions(view.c[report.time], {zones.default, *zones.of_slots}, shown_in.in_))


def _to_response(field: Any, total: str) -> Any:
    if total == "sum":
        return func.sum(field)
    return func.max(field) if total == "most" else field


def _times(query: ReportQuery, zone: ZoneInfo, now: datetime) -> TimeRange:
    """What was asked for, at most MAX_SPAN long; what was left out is DEFAULT_SPAN from the other end, or from now."""
    times = TimeRange.of(query.from_, query.to, now)
    first, last = times.within(zone)
    first = first or (last or now) - DEFAULT_SPAN
    last = last or max(now, first) + DEFAULT_SPAN
    if last - first > MAX_SPAN:
        raise InvalidInput({"from": [f"At most {MAX_SPAN.days} days at a time."]})
    return times.filled(first, last)


def _ordered(report: Report, statement: Statement, query: ReportQuery) -> Statement:
    """By what was asked for, then by every column that tells rows apart: pages never overlap."""
    names = [field.name for field in report.columns if not field.total]
    sort = query.sort or ""
    first = {camel(field.name): field.name for field in report.columns}.get(sort.removeprefix("-"), report.order)
    by: Any = column(first).desc() if sort.startswith("-") else column(first)
    rest: list[Any] = [column(name) for name in names if name != first]
    return statement.order_by(by, *rest)


def _local(row: Any, default: ZoneInfo) -> dict[str, Any]:
    """A row with its instants in its own zone, which it names."""
    values = dict(row._mapping)
    values["time_zone"] = values["time_zone"] or default.key
    zone = ZoneInfo(values["time_zone"])
    return {name: value.astimezone(zone) if isinstance(value, datetime) else value for name, value in values.items()}
