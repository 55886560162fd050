"""The do-not-call list, once more right before a number would be dialled: it may have grown since the booking."""

from sqlalchemy import select

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from shared.callbacks.do_not_call import LISTED, cancel_listed
from shared.callbacks.states import Status
from shared.db.key_lists import CHUNK
from shared.db.models import Callback
from shared.db.session import retried


def run(context: CycleContext) -> str | None:
    """Due callbacks of listed numbers: `scheduled` → `cancelled`, their places given back. Raises StaleEpoch."""
    total = 0
    while context.has_time() and (cancelled := _cancel_some(context)):
        total += cancelled
    return f"cancelled {total} on the do-not-call list" if total else None


@retried
def _cancel_some(context: CycleContext) -> int:
    now = context.now()
    campaigns = list(context.config_cache.current().campaign_by_id)
    due = (
        Callback.campaign_id.in_(campaigns),
        Callback.due_at <= now,
    )
    choice = select(Callback.account_number).where(Callback.status == Status.SCHEDULED, LISTED, *due).limit(CHUNK)
    with context.database.reading() as connection:
        chosen = list(connection.execute(choice).scalars())
    if not chosen:
        return 0
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        cancelled = cancel_listed(tx, chosen, where=due, now=now, who=context.actor.who)
        tx.commit()
    return len(cancelled)
