"""The next slot of an agent who was not available: the next free one of the callback's pool, by the one decision
(resolver.py). Nobody tells us when an agent works, so the slot is the pool's.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, select

from shared.callbacks.availability import free_starts
from shared.callbacks.booking import MAX_ATTEMPTS, BookingAttempt, Preceding, too_busy
from shared.callbacks.booking_request import ApiCaller, BookingRequest
from shared.callbacks.cancel_dispatch import ExtraWork
from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.lookup import CallbackView, find_by_account_number
from shared.callbacks.reschedule import reschedule
from shared.callbacks.resolver import called_party
from shared.callbacks.rules import resolve_target
from shared.callbacks.schedule import HALF_HOUR
from shared.callbacks.states import OPEN
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

CallbackRow = Row[*tuple[Any, ...]]

# Refusals of one slot, after which the next one is tried; every other holds for all of them.
_OF_A_SLOT = frozenset({Code.NO_SLOT, Code.SLOT_FULL, Code.START_IN_PAST, Code.OUTSIDE_BOOKING_WINDOW,
                         Code.OUTSIDE_CALLING_HOURS})  # fmt: skip


def book_follow_up(
    database: Database, config_cache: ConfigCache, row: CallbackRow, caller: ApiCaller, now: datetime, ending: Preceding
) -> None:
    """Book a callback of the same customer, agent and data, of the client that booked the first one; `ending` ends that
    one in the same transaction. Raises what `ending` raises, the codes of a booking, Unavailable."""
    owner = ApiCaller(row.api_client_id, caller.name, row.source)

    def decide(snapshot: ConfigSnapshot) -> None:
        def book_at(start: str) -> None:
            request = BookingRequest(
                phone=row.phone, start=start, skill=snapshot.skill_by_id[row.skill_id].name,
                campaign=snapshot.campaign_by_id[row.campaign_id].name, call_id=row.call_id, call_data=row.call_data,
                first_name=row.first_name, last_name=row.last_name, agent_id=row.agent_id,
                time_zone=row.time_zone,
            )  # fmt: skip
            BookingAttempt(database, config_cache, request, owner, now, None, ending).try_until_written(snapshot)

        _in_next_slot(database, snapshot, row, now, book_at)

    config_cache.retry_if_stale(decide)


def move_to_next_slot(
    database: Database, config_cache: ConfigCache, row: CallbackRow, caller: ApiCaller, now: datetime, also: ExtraWork
) -> None:
    """Move the callback, which is scheduled again; `also` in the same transaction. Raises what `also` raises and the
    codes of a move."""

    def decide(snapshot: ConfigSnapshot) -> None:
        def move_to(start: str) -> None:
            reschedule(database, config_cache, row.account_number, start, now=now, who=caller.who,
                       in_transaction=also, visible=caller.visible)  # fmt: skip

        _in_next_slot(database, snapshot, row, now, move_to)

    config_cache.retry_if_stale(decide)


def next_of(database: Database, config_cache: ConfigCache, callback: CallbackView) -> CallbackView | None:
    """The follow-up of a callback, or itself where it was moved; None once that is not kept any more."""
    number = _follow_up_of(database, callback.account_number)
    if number is not None:
        return find_by_account_number(database, config_cache, number)
    return callback if callback.status in OPEN else None


def _in_next_slot(
    database: Database, snapshot: ConfigSnapshot, row: CallbackRow, now: datetime, take: Callable[[str], None]
) -> None:
    """Take the first slot after the callback's own that is granted. Raises `no_slot` when there is none, Unavailable
    when each of several was taken by somebody else meanwhile."""
    skill, campaign = snapshot.skill_by_id.get(row.skill_id), snapshot.campaign_by_id.get(row.campaign_id)
    if skill is None or campaign is None:
        raise StaleSnapshot
    target = resolve_target(snapshot, skill.name, campaign.name)
    target = replace(target, called=called_party(snapshot, target, row.phone, row.time_zone))
    starts = free_starts(database, snapshot, target, row.slot_start + HALF_HOUR, now)
    for start in islice(starts, MAX_ATTEMPTS):
        try:
            take(start.isoformat())
        except DomainError as refusal:
            if refusal.code not in _OF_A_SLOT:
                raise
        else:
            return
    if next(starts, None) is not None:
        raise too_busy()
    raise DomainError(Code.NO_SLOT, "There is no free slot within the booking window. Queue the call to the skill.")


@retried
def _follow_up_of(database: Database, account_number: str) -> str | None:
    follows = Callback.follow_up_of == account_number, Callback.follow_up_of.is_not(None)
    with database.reading() as connection:
        number: str | None = connection.execute(select(Callback.account_number).where(*follows)).scalar_one_or_none()
    return number
