"""Reading the report views."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, Unicode, column, func, or_, select, table

from services.admin_api.callbacks.filters import instant_of
from shared.db.columns import UtcDateTime
from shared.db.session import Database, retried
from shared.errors import InvalidInput
from shared.reports.definitions import Report
from shared.web.schemas import camel

MAX_COUNTED = 10_000
LIMIT_SECONDS = 25.0  # for a report: below the load balancer's CM_LONG_REQUEST_TIMEOUT
MAX_ROWS = 100_000  # rows of a file
DEFAULT_SPAN = timedelta(days=7)
MAX_SPAN = timedelta(days=400)

_TYPES: dict[str, Any] = {"text": Unicode, "integer": Integer, "instant": UtcDateTime}

Query = Select[*tuple[Any, ...]]


@retried
def page(
    database: Database, report: Report, asked: Mapping[str, Any], zone: ZoneInfo, now: datetime
) -> tuple[list[dict[str, Any]], int]:
    """The rows of one page, and how many there are; above COUNTED it means more. Raises validation errors."""
    query = _query(report, asked, zone, now)
    size = asked["page_size"]
    with database.reading(LIMIT_SECONDS) as connection:
        rows = connection.execute(_ordered(report, query, asked).offset((asked["page"] - 1) * size).limit(size)).all()
        counted = query.limit(MAX_COUNTED + 1).subquery()
        total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    return [_local(row, zone) for row in rows], total


@retried
def everything(
    database: Database, report: Report, asked: Mapping[str, Any], zone: ZoneInfo, now: datetime
) -> list[dict[str, Any]]:
    """The rows of the whole report. Raises a validation error when they are more than a file should hold."""
    query = _ordered(report, _query(report, asked, zone, now), asked).limit(MAX_ROWS + 1)
    with database.reading(LIMIT_SECONDS) as connection:
        rows = connection.execute(query).all()
    if len(rows) > MAX_ROWS:
        raise InvalidInput({"from": [f"More than {MAX_ROWS} rows: choose a shorter time."]})
    return [_local(row, zone) for row in rows]


def _view(report: Report) -> Any:
    known = {one.name: column(one.name, _TYPES[one.kind]()) for one in report.columns}
    known.setdefault(report.time, column(report.time, UtcDateTime()))
    return table(report.view, *known.values())


def _query(report: Report, asked: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> Query:
    view = _view(report)
    query = select(*(_to_response(view.c[one.name], one.total).label(one.name) for one in report.columns))
    if report.grouped:
        query = query.group_by(*(view.c[one.name] for one in report.columns if not one.total))
    for name in ("skill", "campaign"):
        if asked[name]:
            query = query.where(view.c[name] == asked[name])
    if asked["q"]:
        query = query.where(
            or_(*(view.c[name].icontains(asked["q"], autoescape=True) for name in ("skill", "campaign")))
        )
    if report.name == "realtime" and not (asked["from_"] or asked["to"]):
        return query
    first, last = _span(asked, zone, now)
    return query.where(view.c[report.time] >= first, view.c[report.time] < last)


def _to_response(one: Any, total: str) -> Any:
    if total == "sum":
        return func.sum(one)
    return func.max(one) if total == "most" else one


def _span(asked: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    last = instant_of("to", asked["to"], zone, end=True) if asked["to"] else None
    first = instant_of("from", asked["from_"], zone) if asked["from_"] else (last or now) - DEFAULT_SPAN
    last = last or max(now, first) + DEFAULT_SPAN
    if last - first > MAX_SPAN:
        raise InvalidInput({"from": [f"At most {MAX_SPAN.days} days at a time."]})
    return first, last


def _ordered(report: Report, query: Query, asked: Mapping[str, Any]) -> Query:
    """By what was asked for, then by every column that tells rows apart: pages never overlap."""
    names = [one.name for one in report.columns if not one.total]
    wanted = asked["sort"] or ""
    first = {camel(one.name): one.name for one in report.columns}.get(wanted.removeprefix("-"), report.order)
    by: Any = column(first).desc() if wanted.startswith("-") else column(first)
    rest: list[Any] = [column(name) for name in names if name != first]
    return query.order_by(by, *rest)


def _local(row: Any, default: ZoneInfo) -> dict[str, Any]:
    """A row with its instants in its own zone."""
    values = dict(row._mapping)
    zone = ZoneInfo(values["time_zone"]) if values.get("time_zone") else default
    return {name: value.astimezone(zone) if isinstance(value, datetime) else value for name, value in values.items()}
