"""Attempts that UCCE has and the database has forgotten: which there may be, and how they are taken up again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from ulid import ULID

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.ucce.call_results import is_final, outcome_of, was_dialed
from services.dialer_sync.ucce.contact_page import FoundContact
from shared.callbacks.outcomes import RESULT_LOST
from shared.callbacks.states import OPEN, Status
from shared.callbacks.transitions import in_chunks, transition_one
from shared.db.models import Attempt, Callback, Campaign
from shared.db.session import Database, retried

CHUNK = 100  # callbacks in one transaction
RESULT_LOST_MESSAGE = "its result was lost with the database's last transactions"

# The way of a callback whose further attempt was forgotten: what it did was a result, a claim and an import.
_WAY = (Status.IMPORTING, Status.IMPORTED, Status.SCHEDULED, Status.IMPORTING, Status.IMPORTED)
_BEGINS = {Status.IMPORTING: 0, Status.IMPORTED: 1, Status.SCHEDULED: 2}


@dataclass(frozen=True, slots=True)
class OpenCallback:
    """An open callback as the database has it; `attempts` of it are known."""

    account_number: str
    status: str
    attempts: int
    campaign_id: int
    max_attempts: int

    def possible_keys(self) -> Iterator[str]:
        """The contact keys of the attempts that may have been forgotten, and of the last one that is known."""
        for attempt in range(max(1, self.attempts), max(self.attempts + 1, self.max_attempts) + 1):
            yield f"{self.account_number}-{attempt:02}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A contact in the list of a campaign in UCCE."""

    ucce_id: int
    contact: FoundContact


Contacts = Mapping[str, Listed]  # of one callback, by contact key


@retried
def open_callbacks(database: Database) -> list[OpenCallback]:
    """Whatever they are due: a callback may have been moved to another time in what was lost. Raises Unavailable."""
    query = (
        select(Callback.account_number, Callback.status, Callback.attempts, Callback.campaign_id, Campaign.max_attempts)
        .join(Campaign, Campaign.id == Callback.campaign_id)
        .where(Callback.status.in_(list(OPEN)))
    )
    with database.reading() as connection:
        return [OpenCallback(*row) for row in connection.execute(query)]


def forgotten(contacts_of: Mapping[OpenCallback, Contacts]) -> dict[OpenCallback, Contacts]:
    """Those of which UCCE has an attempt that the database does not know."""
    return {one: contacts for one, contacts in contacts_of.items() if _number(max(contacts)) > one.attempts}


def _number(key: str) -> int:
    return int(key[-2:])


def take_up(context: CycleContext, contacts_of: Mapping[OpenCallback, Contacts], why: str) -> None:
    """Record that UCCE has these contacts of forgotten attempts. Raises NotMaster, Unavailable."""
    for chunk in in_chunks(list(contacts_of.items()), CHUNK):
        _take_up(context, dict(chunk), why)


@retried
def _take_up(context: CycleContext, contacts_of: Mapping[OpenCallback, Contacts], why: str) -> None:
    now, batch_id = context.now(), str(ULID.from_datetime(context.now()))
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        ours = {row.ucce_id: row.id for row in tx.execute(select(Campaign.id, Campaign.ucce_id))}
        for one, contacts in contacts_of.items():
            last = max(contacts)
            if _advance(tx, context, one, _number(last), batch_id, now, why):
                _close_unfinished(tx, one, contacts, now)
                common = {"account_number": one.account_number, "batch_id": batch_id, "epoch": context.actor.epoch,
                          "node": context.actor.node, "claimed_at": now, "imported_at": now}  # fmt: skip
                for number in range(one.attempts + 1, _number(last) + 1):
                    key = f"{one.account_number}-{number:02}"
                    values = {"campaign_id": one.campaign_id} | ({} if key == last else _ended(contacts.get(key), now))
                    if listed := contacts.get(key):
                        values |= {"campaign_id": ours.get(listed.ucce_id, one.campaign_id),
                                 "ucce_campaign_id": listed.ucce_id, "listed_at": now}  # fmt: skip
                    tx.execute(insert(Attempt).values(contact_key=key, number=number, **common, **values))
        tx.commit()


def _advance(
    tx: Connection, context: CycleContext, one: OpenCallback, attempts: int, batch_id: str, now: datetime, why: str
) -> bool:
    """To `imported` with the last attempt's number; False when the callback is another one by now."""
    way = _WAY[_BEGINS[Status(one.status)] :]
    as_read = [Callback.attempts == one.attempts]
    for before, after in pairwise(way):
        values: dict[str, Any] = {"attempts": attempts, "batch_id": batch_id} if after is Status.IMPORTING else {}
        taken = transition_one(
            tx, one.account_number, before, after, where=as_read, now=now, who=context.actor.who,
            why=f"found in UCCE's own list: {why}", **values,
        )  # fmt: skip
        if taken is None:
            return False
        as_read = []
    return True


def _close_unfinished(tx: Connection, one: OpenCallback, contacts: Contacts, now: datetime) -> None:
    """The last attempt that is known: another one followed, so it has ended."""
    listed = contacts.get(f"{one.account_number}-{one.attempts:02}")
    tx.execute(
        update(Attempt)
        .where(Attempt.account_number == one.account_number, Attempt.finished_at.is_(None))
        .values(imported_at=func.coalesce(Attempt.imported_at, now), **_ended(listed, now))
    )


def _ended(listed: Listed | None, now: datetime) -> dict[str, Any]:
    """How an attempt ended that another one followed: with UCCE's result, where its list still has it."""
    if listed is None or not is_final(listed.contact.call_status):
        return {"finished_at": now, "outcome": RESULT_LOST.name, "message": RESULT_LOST_MESSAGE}
    contact = listed.contact
    return {
        "finished_at": now,
        "outcome": outcome_of(contact.call_result).name,
        "call_result": contact.call_result,
        "call_status": contact.call_status,
        "calls_made": contact.calls_made,
        "message": contact.result_message,
        "dialed_at": now if was_dialed(contact.call_result, contact.calls_made) else None,
    }
