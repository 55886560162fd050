"""The row by which the other nodes and the portal know this worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from shared import __version__
from shared.db.models import WorkerNode
from shared.db.session import Database, retried

INTERVAL_SECONDS = 5.0  # seconds between two rows at most


@retried
def write_heartbeat(database: Database, node: str, role: str, status: dict[str, Any], now: datetime) -> None:
    """Say that this node is alive, in which role, and how it is. Raises Unavailable."""
    values = {"version": __version__, "role": role, "seen_at": now, "status": status}
    with database.writing() as tx:
        updated = tx.execute(update(WorkerNode).where(WorkerNode.node == node).values(**values))
        if updated.rowcount == 0:
            tx.execute(insert(WorkerNode).values(node=node, **values))
        tx.commit()
