"""Audit chain: the master seals what was written to the audit log since its last cycle (shared/db/audit_chain.py)."""

import structlog

from services.dialer_sync.cycle_context import CycleContext
from shared.db.audit_chain import BATCH_ROWS, seal_batch

_log = structlog.get_logger(__name__)


def run(context: CycleContext) -> str | None:
    """Seal all there is, as long as the step may go on. Raises Unavailable."""
    while context.has_time():
        links = seal_batch(context.database)
        if links:
            # Kept by whoever keeps the logs: a chain that was computed anew has another hash at this position.
            _log.info("audit_sealed", rows=len(links), position=links[-1].position, hash=links[-1].hash)
        if len(links) < BATCH_ROWS:
            break
    return None
