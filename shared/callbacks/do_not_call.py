"""Cancelling what waits for a number that is on the do-not-call list: when it is listed, and before it is dialled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists

from shared.callbacks.capacity import give_places
from shared.callbacks.lookup import Conditions
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_many
from shared.db.models import Callback, DoNotCall

REASON = "do_not_call"
LISTED = exists().where(DoNotCall.phone == Callback.phone)


def cancel_listed(
    tx: Connection, account_numbers: Sequence[str], *, where: Conditions = (), now: datetime, who: str
) -> list[str]:
    """Cancel those of the callbacks that are scheduled, meet `where` and whose number is listed; their account
    numbers. `give_places` is done here."""
    cancelled = transition_many(
        tx, account_numbers, Status.SCHEDULED, Status.CANCELLED, where=[LISTED, *where], now=now, who=who, why=REASON,
        reason=REASON,
    )  # fmt: skip
    give_places(tx, [one.place for one in cancelled])
    return [one.account_number for one in cancelled]
