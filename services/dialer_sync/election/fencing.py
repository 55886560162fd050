"""Mastership in the database: the fence that every write of a master passes, and the timeline of terms.

The epoch in the one-row table only ever grows. A transaction that begins with `fence` does nothing when a newer
master has been there, however late it comes. Beside it stands the count of hand-overs (batches claimed), which only
grows as well: ZooKeeper has kept it before each import's first byte, so a database with a smaller one has lost
transactions that were committed (a backup was restored, or a failover was forced).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from services.dialer_sync.election.errors import LostTransactions, StaleEpoch
from services.dialer_sync.election.lease import LeaderTerm as Term
from shared.db.columns import truncate_utf16
from shared.db.models import Mastership, MastershipTerm
from shared.db.session import Database, retried

UNKNOWN_END_REASON = "another node took over before this one could say why"


def fence(tx: Connection, epoch: int, now: datetime) -> None:
    """First statement of a master's transaction: checks the epoch and locks it until the end. Raises StaleEpoch."""
    held = tx.execute(update(Mastership).where(Mastership.id == 1, Mastership.epoch == epoch).values(touched_at=now))
    if held.rowcount != 1:
        raise StaleEpoch("another node is master by a newer epoch")


@dataclass
class HandOverCount:
    """The hand-overs counted so far, as this master knows: the database must not have fewer."""

    value: int = 0


def count_hand_over(tx: Connection, epoch: int, at_least: int) -> int:
    """Count one more, in the claim's own transaction; the new count. Raises LostTransactions, which claims nothing."""
    counted = tx.execute(
        update(Mastership)
        .where(Mastership.id == 1, Mastership.epoch == epoch, Mastership.hand_overs >= at_least)
        .values(hand_overs=Mastership.hand_overs + 1)
        .returning(Mastership.hand_overs)
    ).scalar()
    if counted is None:
        raise LostTransactions("the database has lost its last transactions")
    return int(counted)


def hand_overs(connection: Connection) -> int:
    """The count in the database."""
    return int(connection.execute(select(Mastership.hand_overs)).scalar_one())


@retried
def read_hand_overs(database: Database) -> int:
    """The count in the database. Raises Unavailable."""
    with database.reading() as connection:
        return hand_overs(connection)


@retried
def begin_term(database: Database, term: Term, verify: Callable[[], None]) -> int:
    """Enter the term; the epoch it is fenced by. Raises StaleEpoch, what `verify` raises, Unavailable.

    That is ZooKeeper's own number, as long as it is larger than all before. It is not when ZooKeeper was set up
    anew and counts from the start. Then `verify` confirms the lock once more, after the database's epoch was read:
    its holder cannot be a later one, or our node would be gone. We go on from there.
    """
    with database.writing() as tx:
        seen = tx.execute(select(Mastership.epoch, Mastership.node, Mastership.since)).one()
        if (seen.node, seen.since) == (term.node, term.since):
            return int(seen.epoch)  # an earlier run of this function got through, and we did not hear of it
        epoch = term.epoch
        if seen.epoch >= epoch:
            verify()
            epoch = seen.epoch + 1
        grown = tx.execute(
            update(Mastership)
            .where(Mastership.id == 1, Mastership.epoch == seen.epoch)
            .values(epoch=epoch, node=term.node, since=term.since, touched_at=term.since)
        )
        if grown.rowcount != 1:
            raise StaleEpoch("another node became master at the same time")
        _close(tx, term.since, UNKNOWN_END_REASON, MastershipTerm.epoch < epoch, MastershipTerm.ended_at.is_(None))
        tx.execute(insert(MastershipTerm).values(epoch=epoch, node=term.node, began_at=term.since))
        tx.commit()
        return epoch


@retried
def end_term(database: Database, epoch: int, reason: str, now: datetime) -> None:
    """Note when and why a term ended. Raises Unavailable."""
    with database.writing() as tx:
        _close(tx, now, reason, MastershipTerm.epoch == epoch, MastershipTerm.ended_at.is_(None))
        # The next master may have ended the term already, without the reason, which this node knows.
        tx.execute(
            update(MastershipTerm)
            .where(MastershipTerm.epoch == epoch, MastershipTerm.end_reason == UNKNOWN_END_REASON)
            .values(end_reason=truncate_utf16(reason, 255))
        )
        tx.commit()


def _close(tx: Connection, now: datetime, reason: str, *which: object) -> None:
    tx.execute(update(MastershipTerm).where(*which).values(ended_at=now, end_reason=truncate_utf16(reason, 255)))  # type: ignore[arg-type]
