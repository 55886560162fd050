"""Erasures of people that could not be finished at once: what UCCE had is erased when it is closed."""

from services.dialer_sync.cycle_context import CycleContext
from shared.callbacks.erasure import go_on, unfinished
from shared.db.audit import Author


def run(context: CycleContext) -> str | None:
    """Go on with each. Raises Unavailable.

    It has no fence: an administrator's request does the same (shared/callbacks/erasure.py).
    """
    by = Author(context.actor.who)
    finished = sum(
        go_on(context.database, erasure_id, by=by, now=context.now(), may_go_on=context.has_time)
        for erasure_id in unfinished(context.database)
    )
    return f"finished {finished} erasures" if finished else None
