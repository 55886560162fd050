"""The do-not-call list, once more right before a number would be dialled: it may have grown since the booking."""

from sqlalchemy import exists, select

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from shared.callbacks.capacity import give_places
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_many
from shared.db.key_lists import CHUNK
from shared.db.models import Callback, DoNotCall
from shared.db.session import retried

REASON = "do_not_call"


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
    listed = (
        Callback.campaign_id.in_(campaigns),
        Callback.due_at <= now,
        exists().where(DoNotCall.phone == Callback.phone),
    )
    choice = select(Callback.account_number).where(Callback.status == Status.SCHEDULED, *listed).limit(CHUNK)
    with context.database.reading() as connection:
        chosen = list(connection.execute(choice).scalars())
    if not chosen:
        return 0
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        cancelled = transition_many(
            tx, chosen, Status.SCHEDULED, Status.CANCELLED, where=listed, now=now, who=context.actor.who, why=REASON,
            reason=REASON,
        )  # fmt: skip
        give_places(tx, [one.place for one in cancelled])
        tx.commit()
    return len(cancelled)
