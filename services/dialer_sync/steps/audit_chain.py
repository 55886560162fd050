"""Audit chain: the master seals what was written to the audit log since its last cycle (shared/db/audit_chain.py), and
before that copies it to a syslog server if there is one: what is sealed was copied, perhaps twice.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from shared import syslog
from shared.db.audit_chain import BATCH_ROWS, Copy, Link, no_copy, seal_batch
from shared.syslog import SyslogServer

_log = structlog.get_logger(__name__)

NAME = "audit_chain"


def run(context: CycleContext) -> str | None:
    """Seal all there is, as long as the step may go on. Raises Unavailable."""
    server, backoff = context.settings.audit_syslog, context.backoff(NAME)
    if backoff.remaining() > 0:
        return None
    copy = no_copy if server is None else _copy_to(server, context.settings.node)
    while context.has_time():
        try:
            links = seal_batch(context.database, copy)
        except OSError as error:  # the copy's
            return _not_copied(context, str(error))
        backoff.succeeded()
        if links:
            # Kept by whoever keeps the logs: a chain that was computed anew has another hash at this position.
            _log.info("audit_sealed", rows=len(links), position=links[-1].position, hash=links[-1].hash)
        if len(links) < BATCH_ROWS:
            break
    return None


def _not_copied(context: CycleContext, problem: str) -> str:
    backoff = context.backoff(NAME)
    log = _log.debug if backoff.reason == problem else _log.warning
    backoff.failed(problem)
    metrics.CYCLES_FAILED.labels(NAME).inc()
    log("audit_log_not_copied", problem=problem, consequence="its newest rows are not sealed either")
    return f"the syslog server does not take the audit log: {problem}"


def _copy_to(server: SyslogServer, node: str) -> Copy:
    def copy(links: Sequence[Link]) -> None:
        syslog.send(server, [syslog.message(link.row["at"], node, "audit", _text(link)) for link in links])

    return copy


def _text(link: Link) -> str:
    # What tells who did what comes first: over UDP a long one is cut.
    values: dict[str, Any] = {"position": link.position, "hash": link.hash, "previous": link.previous, **link.row}
    last = {name: values.pop(name) for name in ("before", "after")}
    shown = {name: value for name, value in {**values, **last}.items() if value is not None}
    return json.dumps(shown, default=_written, separators=(",", ":"))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
