"""Expiry: a callback that was not handed over while its window lasted will not be called any more."""

from sqlalchemy import select

from services.dialer_sync.batches import window_floor
from services.dialer_sync.context import Term
from services.dialer_sync.mastership import fence
from shared.callbacks.states import Status
from shared.callbacks.transitions import CHUNK, LONGEST_REASON, transition_many
from shared.db.models import Callback
from shared.db.session import retried
from shared.db.types import fitting


def run(term: Term) -> str | None:
    """`scheduled` → `expired`, set by set. Raises StaleEpoch, Unavailable."""
    total = 0
    while expired := _expire_some(term):
        total += expired
    return f"expired {total}" if total else None


@retried
def _expire_some(term: Term) -> int:
    now = term.now()
    catalogue = term.catalogues.current()
    late = (
        Callback.campaign_id.in_(list(catalogue.campaign_by_id)),
        Callback.due_at <= now,
        Callback.slot_start <= window_floor(now, catalogue.settings.expire_minutes),
    )
    choice = select(Callback.account_number).where(Callback.status == Status.SCHEDULED, *late).limit(CHUNK)
    with term.database.reading() as connection:
        chosen = list(connection.execute(choice).scalars())
    if not chosen:
        return 0
    why = f"not handed over within its window: {_hindrance(term)}"
    with term.database.writing() as tx:
        fence(tx, term.actor.epoch, now)
        expired = transition_many(
            tx, chosen, Status.SCHEDULED, Status.EXPIRED, where=late, now=now, who=term.actor.who, why=why,
            reason=fitting(why, LONGEST_REASON),
        )  # fmt: skip
        tx.commit()
    return len(expired)


def _hindrance(term: Term) -> str:
    if not term.catalogues.current().settings.hand_over:
        return "handing over is switched off"
    return term.backoff("hand_over").reason or "its campaign could not take it in time"
