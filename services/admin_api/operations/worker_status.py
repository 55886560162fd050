"""What the workers last said of themselves: who is master, how UCCE is."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from shared.db.models import Mastership, WorkerNode

SILENT_SECONDS = timedelta(seconds=30)  # longer than this unheard of: not alive


def workers(connection: Connection) -> list[Any]:
    """The rows of the workers, by node."""
    return list(connection.execute(select(*WorkerNode.__table__.columns).order_by(WorkerNode.node)).all())


def is_alive(row: Any, now: datetime) -> bool:
    return bool(now - row.seen_at <= SILENT_SECONDS)


def master(connection: Connection, now: datetime) -> dict[str, Any]:
    """A MasterSchema."""
    term = connection.execute(select(Mastership.node, Mastership.epoch, Mastership.since)).one()
    row = next((row for row in workers(connection) if row.node == term.node), None)
    alive = row is not None and is_alive(row, now) and row.role == "master"
    cycle = (row.status.get("lastCycle") if row else None) or {}
    return {
        "node": term.node,
        "epoch": term.epoch,
        "since": term.since,
        "alive": alive,
        "last_cycle_at": _instant(cycle.get("at")),
        "last_cycle": cycle.get("sentence"),
        "problem": row.status.get("problem") if row is not None and alive else None,
    }


def ucce(connection: Connection, now: datetime) -> dict[str, Any]:
    """A UcceSchema: what the master says, if it is heard of."""
    for row in workers(connection):
        if row.role == "master" and is_alive(row, now):
            state = row.status.get("ucce") or {}
            error = state.get("lastError") or {}
            return {
                "reachable": state.get("reachable"),
                "last_error": error.get("message"),
                "last_error_at": _instant(error.get("at")),
            }
    return {"reachable": None, "last_error": None, "last_error_at": None}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
