"""Retention of the audit log: its oldest rows go with their seals, and the chain behind them can still be verified.

Only the beginning of the chain is ever removed, and a row of the audit log says up to where: a beginning that is
missing without such a row was removed by somebody else. On SQL Server the services' login may not delete these rows; a
procedure of the tables' owner does, and only what is older than any retention allows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, text

from shared.db.audit import Author, write_audit
from shared.db.models import AuditLog, AuditSeal
from shared.db.session import Database, retried

ACTION, RESOURCE = "purge", "audit-log"
BATCH_ROWS = 500  # of one transaction: below the 5,000 locks for which SQL Server would lock the table
MAX_BATCHES = 50  # of one run
# Run in the caller's transaction. Its owner is the tables' owner, so that the caller needs no right on them. 30 days is
# the least that the setting keep_audit_days allows.
PURGE_PROCEDURE = """
CREATE PROCEDURE purge_audit_log @through BIGINT AS
BEGIN
    SET NOCOUNT ON;
    IF EXISTS (SELECT 1 FROM audit_log JOIN audit_seal ON audit_seal.audit_id = audit_log.id
               WHERE audit_seal.position <= @through AND audit_log.at > DATEADD(day, -30, SYSUTCDATETIME()))
    BEGIN
        ;THROW 50001, 'The audit log is kept for 30 days at least.', 1;
    END
    DELETE FROM audit_log WHERE id IN (SELECT audit_id FROM audit_seal WHERE position <= @through);
    DELETE FROM audit_seal WHERE position <= @through;
END
"""


def purge_audit(database: Database, before: datetime, now: datetime, may_go_on: Callable[[], bool]) -> tuple[int, bool]:
    """Remove sealed rows from before `before`; how many, and whether there may be more. Raises Unavailable."""
    total = 0
    for _ in range(MAX_BATCHES):
        if not may_go_on():
            break
        count = _batch(database, before, now)
        total += count
        if count < BATCH_ROWS:
            return total, False
    return total, True


@retried
def _batch(database: Database, before: datetime, now: datetime) -> int:
    with database.writing() as tx:
        old = _oldest(tx, before)
        if not old:
            return 0
        last = old[-1]
        after = {"rows": len(old), "through": last.position, "hash": last.hash, "before": before.isoformat()}
        write_audit(tx, Author("retention"), ACTION, RESOURCE, now=now, label=f"{len(old)} rows", after=after)
        _remove(tx, last.position, [row.audit_id for row in old])
        tx.commit()
    return len(old)


def _oldest(tx: Connection, before: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The beginning of the chain as far as it is old; one row more is read, for the newest seal always stays."""
    oldest = tx.execute(
        select(AuditSeal.position, AuditSeal.audit_id, AuditSeal.hash, AuditLog.at)
        .outerjoin(AuditLog, AuditLog.id == AuditSeal.audit_id)
        .order_by(AuditSeal.position)
        .limit(BATCH_ROWS + 1)
    ).all()
    kept = next((index for index, row in enumerate(oldest) if row.at is not None and row.at >= before), len(oldest) - 1)
    return oldest[:kept]


def _remove(tx: Connection, through: int, audit_ids: Sequence[int]) -> None:
    if tx.dialect.name == "mssql":
        tx.execute(text("EXEC purge_audit_log @through = :through"), {"through": through})
        return
    tx.execute(delete(AuditLog).where(AuditLog.id.in_(audit_ids)))
    tx.execute(delete(AuditSeal).where(AuditSeal.position <= through))
