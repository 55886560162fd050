"""Retention: now and then the master removes what is kept no longer (shared/callbacks/retention.py)."""

import structlog

from services.dialer_sync.cycle_context import CycleContext
from shared.callbacks.retention import purge

_log = structlog.get_logger(__name__)

INTERVAL = 3600.0  # seconds between two runs
SOONER = 60.0  # … when a run left something over


def run(context: CycleContext) -> str | None:
    """Purge when it is time. Raises Unavailable."""
    if context.clock() < context.purge_at:
        return None
    purged = purge(context.database, context.config_cache.current().settings, context.now(), context.has_time)
    context.purge_at = context.clock() + (SOONER if purged.unfinished else INTERVAL)
    summary = purged.summary()
    if summary:
        _log.info("purged", summary=summary)
    return summary
