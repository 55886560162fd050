"""The chain over the audit log: whoever changes or removes a row afterwards breaks it, and `make doctor` says where.

An act writes its row alone, as fast as ever: no two acts wait for each other. The master seals the rows a cycle later
(at most CM_SYNC_INTERVAL), in a table of their own, so that a row is never touched again. Each seal has a hash of its
row and of the seal before. The primary key is the order: of two nodes that seal at once one has its INSERT refused, and
a seal is only written behind the one that it was computed from.

A chain proves nothing about rows that were never sealed, and whoever may write everything can compute it anew: keep its
newest hash elsewhere (the log line `audit_sealed`, the copy to syslog).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, func, insert, select

from shared.db.error_classes import ErrorClass, classify
from shared.db.models import AuditLog, AuditSeal
from shared.db.session import Database, retried

GENESIS = "0" * 64  # stands for the hash before the first row
BATCH_ROWS = 500
# Rows commit in another order than they got their ids, and a sealer passes over what is not committed yet. So many ids
# behind the newest sealed one it looks again; no act lasts for as many others.
LOOK_BACK_IDS = 20_000

_COLUMNS = frozenset(AuditLog.__table__.columns.keys())
AuditRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Link:
    """A seal and the row that it is about."""

    position: int
    previous: str
    hash: str
    row: RowMapping


Copy = Callable[[Sequence[Link]], None]


def no_copy(_links: Sequence[Link]) -> None:
    """Where no copy of the audit log is kept elsewhere."""


def row_hash(previous: str, row: RowMapping) -> str:
    """SHA-256 over the hash before and every column of the row that is not NULL, in a form that is the same on both
    engines: a column of a later version changes no hash of an earlier row."""
    columns = {name: _canonical(value) for name, value in row.items() if value is not None and name in _COLUMNS}
    text = json.dumps([previous, columns], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def seal_batch(database: Database, copy: Copy = no_copy) -> list[Link]:
    """Seal up to BATCH_ROWS rows that are not sealed yet; none when another node did at the same moment.

    `copy` gets them before: what it raises leaves them unsealed, so that no row misses its copy. Raises Unavailable.
    """
    links = _next_links(database)
    if not links:
        return []
    copy(links)
    try:
        _write(database, links)
    except Exception as error:
        if classify(error) is ErrorClass.DUPLICATE:
            return []
        raise
    return links


@retried
def _next_links(database: Database) -> list[Link]:
    with database.reading() as connection:
        position, digest = head(connection)
        links = []
        for row in _unsealed(connection):
            position, previous = position + 1, digest
            digest = row_hash(previous, row._mapping)
            links.append(Link(position, previous, digest, row._mapping))
    return links


def head(connection: Connection) -> tuple[int, str]:
    """Position and hash of the newest seal; (0, GENESIS) before the first one."""
    newest = select(AuditSeal.position, AuditSeal.hash).order_by(AuditSeal.position.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return (0, GENESIS) if row is None else (row.position, row.hash)


def _unsealed(connection: Connection) -> Sequence[AuditRow]:
    newest = connection.execute(select(func.max(AuditSeal.audit_id))).scalar() or 0
    return connection.execute(
        select(*AuditLog.__table__.columns)
        .outerjoin(AuditSeal, AuditSeal.audit_id == AuditLog.id)
        .where(AuditSeal.audit_id.is_(None), AuditLog.id > newest - LOOK_BACK_IDS)
        .order_by(AuditLog.id)
        .limit(BATCH_ROWS)
    ).all()


@retried
def _write(database: Database, links: Sequence[Link]) -> None:
    rows = [
        {"position": link.position, "audit_id": link.row["id"], "previous": link.previous, "hash": link.hash}
        for link in links
    ]
    with database.writing() as tx:
        tx.execute(insert(AuditSeal), rows)
        tx.commit()
