"""What of a callback is personal, and how it is removed: retention does it after a time, an erasure at once.

The row stays, with its attempts and its timeline, so that every report counts the same. What goes is the number, the
names, the call data, the IVR's call id, the words of people and of UCCE (they may name the customer or quote the
number), and the answers that are kept for idempotency keys: they are given again from the callback's row.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Delete, Update, exists, update

from shared.callbacks.states import FINAL
from shared.db.columns import explicit_nulls
from shared.db.models import Attempt, Callback, CallbackEvent, CallbackRequest

REMOVED = "removed"  # stands in `phone` and in an event's `why`, which are never NULL

KEYED = CallbackRequest.request_key.is_not(None)
NO_RESPONSE = explicit_nulls({"requester": None, "request_key": None, "request_hash": None, "response": None})
_NOTHING_PERSONAL = explicit_nulls(
    {"phone": REMOVED, "first_name": None, "last_name": None, "call_data": {}, "call_id": None, "reason": None}
)
_CLOSED = Callback.status.in_(tuple(FINAL))


def removal(
    account_numbers: Sequence[str], where: Sequence[ColumnElement[bool]], **more: Any
) -> Sequence[Update | Delete]:
    """Statements that remove it from those of the callbacks that are closed and meet `where`; `more` is set beside.

    The callback's own row is the last one, so that `where` holds for all of them.
    """
    chosen = (_CLOSED, *where)
    return [
        _of_chosen(CallbackEvent, account_numbers, chosen, {"why": REMOVED}, CallbackEvent.why != REMOVED),
        _of_chosen(Attempt, account_numbers, chosen, explicit_nulls({"message": None}), Attempt.message.is_not(None)),
        _of_chosen(CallbackRequest, account_numbers, chosen, NO_RESPONSE, KEYED),
        update(Callback)
        .where(Callback.account_number.in_(account_numbers), *chosen)
        .values(**_NOTHING_PERSONAL, **explicit_nulls(more)),
    ]


def _of_chosen(
    table: Any,
    account_numbers: Sequence[str],
    chosen: Sequence[ColumnElement[bool]],
    values: Mapping[str, Any],
    left: ColumnElement[bool],
) -> Update:
    """The rows of `table` that belong to chosen callbacks and have something `left` to remove."""
    of_it = exists().where(Callback.account_number == table.account_number, *chosen)
    return update(table).where(table.account_number.in_(account_numbers), left, of_it).values(**values)
