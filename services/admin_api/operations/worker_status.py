"""The workers' last status rows: who is master, and whether UCCE answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from services.admin_api.identity.scope import Scope
from shared.db.models import Mastership, WorkerNode

SILENT_AFTER = timedelta(seconds=30)  # a worker that was last heard of longer ago is not alive
_OF_NO_SKILL = ("epoch", "since")  # of a worker's status
HIDDEN = "Shown to people who see all skills."


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterState:
    """A MasterSchema."""

    node: str | None
    epoch: int
    since: datetime | None
    alive: bool
    last_cycle_at: datetime | None
    last_cycle: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class UcceState:
    """A UcceSchema."""

    reachable: bool | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None


def workers(connection: Connection) -> list[Any]:
    """The rows of the workers, by node."""
    return list(connection.execute(select(*WorkerNode.__table__.columns).order_by(WorkerNode.node)).all())


def is_alive(row: Any, now: datetime) -> bool:
    return bool(now - row.seen_at <= SILENT_AFTER)


def master(connection: Connection, scope: Scope, now: datetime) -> MasterState:
    """The node of the newest term, with what it last said of itself; that counts callbacks and names campaigns of all
    skills."""
    term = connection.execute(select(Mastership.node, Mastership.epoch, Mastership.since)).one()
    row = next((row for row in workers(connection) if row.node == term.node), None)
    alive = row is not None and is_alive(row, now) and row.role == "master"
    cycle = (row.status.get("lastCycle") if row else None) or {}
    return MasterState(
        node=term.node,
        epoch=term.epoch,
        since=term.since,
        alive=alive,
        last_cycle_at=_instant(cycle.get("at")),
        last_cycle=None if scope.is_limited else cycle.get("sentence"),
        problem=_for(scope, row.status.get("problem")) if row is not None and alive else None,
    )


def ucce(connection: Connection, scope: Scope, now: datetime) -> UcceState:
    """What the master says of UCCE; nothing is known while no master is alive."""
    for row in workers(connection):
        if row.role == "master" and is_alive(row, now):
            state = row.status.get("ucce") or {}
            error = state.get("lastError") or {}
            message = _for(scope, error.get("message"))
            return UcceState(state.get("reachable"), message, _instant(error.get("at")))
    return UcceState()


def status_of(row: Any, scope: Scope) -> Mapping[str, Any]:
    """What a worker says of itself, as far as the person may read it."""
    status: Mapping[str, Any] = row.status
    return {name: status.get(name) for name in _OF_NO_SKILL} if scope.is_limited else status


def _for(scope: Scope, message: str | None) -> str | None:
    return HIDDEN if message and scope.is_limited else message


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
