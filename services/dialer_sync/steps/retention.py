"""Retention: now and then the master removes what is kept no longer (shared/callbacks/retention.py)."""

import structlog

from services.dialer_sync.cycle_context import CycleContext
from shared.callbacks.retention import purge

_log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 3600.0  # seconds between two runs
UNFINISHED_INTERVAL_SECONDS = 60.0  # … when a run left something over


def run(context: CycleContext) -> str | None:
    """Purge when it is time. Raises Unavailable."""
    if context.clock() < context.purge_at:
        return None
    purged = purge(context.database, context.config_cache.current().settings, context.now(), context.has_time)
    context.purge_at = context.clock() + (UNFINISHED_INTERVAL_SECONDS if purged.unfinished else INTERVAL_SECONDS)
    summary = purged.summary()
    if summary:
        _log.info("purged", summary=summary)
    return summary
