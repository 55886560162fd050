"""Self-check: each slot counts as many places as it has callbacks. A difference is reported, never corrected."""

from collections import Counter

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.campaigns.holds import NOT_OURS, SWITCHED_OFF
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.node.statistics import callbacks_waiting, drifted_slots, held_campaigns
from shared.callbacks.no_result import result_expected_since

_log = structlog.get_logger(__name__)

DRIFT_INTERVAL_SECONDS = 60.0  # seconds between two counts of the slots


def run(context: CycleContext) -> str | None:
    """Count what is overdue, unsettled or without a result, and now and then the slots that drifted. Raises
    Unavailable.
    """
    expected_since = result_expected_since(context.config_cache.current().settings, context.now())
    overdue, unsettled, no_result = callbacks_waiting(context.database, context.now(), expected_since)
    metrics.WITHOUT_RESULT.set(no_result)
    metrics.OVERDUE.set(overdue)
    metrics.UNSETTLED.set(unsettled)
    held = Counter(one["hold"] for one in held_campaigns(context.database))
    for hold in (NOT_OURS, SWITCHED_OFF):
        metrics.HELD_CAMPAIGNS.labels(hold).set(held[hold])
    if context.clock() - context.slots_checked < DRIFT_INTERVAL_SECONDS:
        return None
    context.slots_checked = context.clock()
    drifted = drifted_slots(context.database, context.now())
    metrics.SLOT_DRIFT.set(drifted)
    if not drifted:
        return None
    _log.error("slots_drifted", slots=drifted, cure="compare slot.booked with the callbacks of the slot")
    return f"{drifted} slots count wrongly"
