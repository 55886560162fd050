"""The do-not-call list, once more right before a number would be dialled: it may have grown since the booking."""

from collections import Counter

from sqlalchemy import select, update

from services.dialer_sync.context import Term
from services.dialer_sync.mastership import fence
from shared.callbacks.moves import CHUNK, move
from shared.callbacks.states import Status
from shared.db.models import Callback, DoNotCall, Slot
from shared.db.session import retried

REASON = "do_not_call"


def run(term: Term) -> str | None:
    """Due callbacks of listed numbers: `scheduled` → `cancelled`, their places given back. Raises StaleEpoch."""
    total = 0
    while cancelled := _cancel_some(term):
        total += cancelled
    return f"cancelled {total} on the do-not-call list" if total else None


@retried
def _cancel_some(term: Term) -> int:
    now = term.now()
    campaigns = [campaign.id for campaign in term.catalogues.current().campaign_by_id.values()]
    listed = (
        select(Callback.account_number, Callback.pool_id, Callback.slot_start)
        .join(DoNotCall, DoNotCall.phone == Callback.phone)
        .where(Callback.status == Status.SCHEDULED, Callback.campaign_id.in_(campaigns), Callback.due_at <= now)
        .limit(CHUNK)
    )
    with term.database.reading() as connection:
        places = {row.account_number: (row.pool_id, row.slot_start) for row in connection.execute(listed)}
    if not places:
        return 0
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        cancelled = move(
            tx, list(places), Status.SCHEDULED, Status.CANCELLED, now=now, who=term.actor.who, why=REASON, reason=REASON
        )
        for (pool_id, start), freed in Counter(places[account_number] for account_number in cancelled).items():
            tx.execute(
                update(Slot).where(Slot.pool_id == pool_id, Slot.start_at == start).values(booked=Slot.booked - freed)
            )
        tx.commit()
    return len(cancelled)
