"""Verification of the audit log's chain: every seal against its row and the seal before, from the oldest one kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from shared.db import audit_retention
from shared.db.audit_chain import GENESIS, row_hash
from shared.db.models import AuditLog, AuditSeal
from shared.db.session import Database, retried

PAGE_ROWS = 1_000
_ROW_COLUMNS = list(AuditLog.__table__.columns)


@dataclass(slots=True)
class ChainReport:
    """What a verification found: `breaks` in the chain's order, each a sentence; `unsealed` rows since `oldest_at`."""

    seals: int = 0
    first: int = 0
    last: int = 0
    hash: str = GENESIS
    breaks: list[str] = field(default_factory=list)
    unsealed: int = 0
    oldest_at: datetime | None = None


def verify(database: Database) -> ChainReport:
    """Read the whole audit log and compare. Raises Unavailable."""
    report = ChainReport()
    removed: set[tuple[int, str]] = set()  # (position, hash) up to which retention says that it removed the beginning
    beginning = GENESIS
    for link in _links(database):
        if report.seals == 0:
            report.first, beginning = link.position, link.previous
        else:
            report.breaks += _order_breaks(report, link)
        problem = _row_problem(link)
        if problem:
            report.breaks.append(problem)
        elif (link.action, link.resource) == (audit_retention.ACTION, audit_retention.RESOURCE) and link.after:
            removed.add((link.after.get("through"), link.after.get("hash")))
        report.seals, report.last, report.hash = report.seals + 1, link.position, link.hash
    if report.seals and not _begins_well(report.first, beginning, removed):
        report.breaks.insert(0, f"what stood before position {report.first} is missing, and no retention removed it")
    report.unsealed, report.oldest_at = _unsealed(database)
    return report


def _begins_well(first: int, previous: str, removed: set[tuple[int, str]]) -> bool:
    return previous == GENESIS if first == 1 else (first - 1, previous) in removed


def _order_breaks(report: ChainReport, link: Row[*tuple[Any, ...]]) -> list[str]:
    if link.position != report.last + 1:
        missing = f"position {report.last + 1}" if link.position == report.last + 2 else (
            f"positions {report.last + 1} to {link.position - 1}"
        )  # fmt: skip
        return [f"{missing} of the chain: rows were removed together with their seals"]
    if link.previous != report.hash:
        return [f"the seal at position {link.position} does not follow the one before: a seal was changed"]
    return []


def _row_problem(link: Row[*tuple[Any, ...]]) -> str | None:
    if link.id is None:
        return f"row {link.audit_id} (position {link.position}) was removed"
    if row_hash(link.previous, link._mapping) != link.hash:
        return (
            f"row {link.id} (position {link.position}: {link.at:%Y-%m-%d %H:%M:%S} {link.who} {link.action} "
            f"{link.resource}) was changed after it was sealed"
        )
    return None


def _links(database: Database) -> Iterator[Row[*tuple[Any, ...]]]:
    position = -1
    while page := _page(database, position):
        yield from page
        position = page[-1].position


@retried
def _page(database: Database, after: int) -> Sequence[Row[*tuple[Any, ...]]]:
    with database.reading() as connection:
        return connection.execute(
            select(AuditSeal.position, AuditSeal.audit_id, AuditSeal.previous, AuditSeal.hash, *_ROW_COLUMNS)
            .outerjoin(AuditLog, AuditLog.id == AuditSeal.audit_id)
            .where(AuditSeal.position > after)
            .order_by(AuditSeal.position)
            .limit(PAGE_ROWS)
        ).all()


@retried
def _unsealed(database: Database) -> tuple[int, datetime | None]:
    with database.reading() as connection:
        count, oldest = connection.execute(
            select(func.count(), func.min(AuditLog.at))
            .outerjoin(AuditSeal, AuditSeal.audit_id == AuditLog.id)
            .where(AuditSeal.audit_id.is_(None))
        ).one()
    return int(count), oldest
