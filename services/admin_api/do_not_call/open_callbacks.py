"""What becomes of the open callbacks of numbers that are put on the do-not-call list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from services.admin_api.framework.callback_audit import audit_by_skill
from services.admin_api.identity.scope import Scope
from shared.callbacks.do_not_call import cancel_listed
from shared.callbacks.states import Status
from shared.callbacks.transitions import in_chunks
from shared.db.audit import Actor
from shared.db.key_lists import one_of
from shared.db.models import Callback

_AT_UCCE = (Status.IMPORTING, Status.IMPORTED)


def cancel_waiting(tx: Connection, phones: Sequence[str], by: Actor, scope: Scope, now: datetime) -> int:
    """Cancel what waits for numbers that were listed just now, in this transaction; how many the person sees of them.

    Slots are changed: as little as can be must follow in the transaction.
    """
    seen = 0
    for chunk in in_chunks(_waiting(tx, phones)):
        cancelled = cancel_listed(tx, chunk, now=now, who=by.who)
        for skill, numbers in audit_by_skill(tx, by, "do_not_call", cancelled, now).items():
            seen += len(numbers) if scope.includes([skill]) else 0
    return seen


def count_waiting(connection: Connection, phones: Sequence[str], scope: Scope) -> int:
    """How many `cancel_waiting` would cancel, as far as the person sees them."""
    return len(_waiting(connection, phones, scope.of_skill(Callback.skill_id)))


def count_at_ucce(connection: Connection, phone: str, scope: Scope) -> int:
    """How many callbacks of a number UCCE has: it may still call them."""
    statement = select(func.count()).where(
        Callback.phone == phone, Callback.status.in_(_AT_UCCE), *scope.of_skill(Callback.skill_id)
    )
    return connection.execute(statement).scalar_one()


def _waiting(connection: Connection, phones: Sequence[str], where: Sequence[Any] = ()) -> list[str]:
    if not phones:
        return []
    statement = select(Callback.account_number).where(
        one_of(Callback.phone, phones), Callback.open_rank.is_not(None), Callback.status == Status.SCHEDULED, *where
    )
    return list(connection.execute(statement).scalars())
