"""Callbacks and all that happens to them."""

import os
import time
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from ulid import ULID

from shared.db.columns import BIG_ID, Json, UtcDateTime, exact_nvarchar, nvarchar
from shared.db.models.base import Base

_OPEN = text("open_rank IS NOT NULL")
_IN_BATCH = text("status = 'importing'")
_KEYED = text("request_key IS NOT NULL")
_UNFINISHED = text("finished_at IS NULL")
_PERSONAL = text("phone <> 'removed'")
_OF_A_CALL = text("call_id IS NOT NULL")
_TO_ERASE = text("erasure_id IS NOT NULL")
_FOLLOWS = text("follow_up_of IS NOT NULL")

STATUSES = "'scheduled', 'importing', 'imported', 'completed', 'failed', 'cancelled', 'expired'"


def new_record_id() -> str:
    """The id of a callback request, made before it is written: a ULID, so that an index grows at its end.

    Without the library's own clock, which gives the account numbers of one millisecond in their order.
    """
    return str(ULID.from_bytes((time.time_ns() // 1_000_000).to_bytes(6) + os.urandom(10)))


class Slot(Base):
    """A slot of the schedule, from the booking horizon on; kept when it is over. `capacity` is the schedule's, for
    reports, and 0 when it is no slot any more; what admits a booking is the schedule itself
    (shared/callbacks/capacity.py)."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("pool_id", "start_at"),
        CheckConstraint("booked >= 0", name="booked"),
        Index(None, "start_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0)


class Callback(Base):
    """A booked callback. Open while scheduled, importing or imported; only then it has an `open_rank`.

    It was booked by the API client `api_client_id`, or in the Finesse gadget by the agent `booked_by_agent`.
    `start_at` is the minute the customer asked for, `slot_start` the slot whose place it holds, `due_at` when to hand
    it over next (later than `start_at` after a retryable result). `attempts` counts the contacts made of it. With an
    `erasure_id` it is never handed over again, and loses its personal data as soon as it is closed.
    `agent_outcome` is how the script said that a personal callback ended (personal.py), at its attempt
    `agent_outcome_attempt`; `follow_up_of` the callback whose agent was not available, of which this one is booked.

    `time_zone` is the one that was stated (IANA), `calling_zones` all in which the calling hours must be kept, with
    commas, `customer_time_zone` the one that is shown and told to UCCE. The last two are NULL where nothing tells a
    zone: then the pool's counts (shared/callbacks/calling_hours.py).
    """

    __tablename__ = "callback"
    __table_args__ = (
        CheckConstraint(f"status IN ({STATUSES})", name="status"),
        CheckConstraint("agent_outcome IN ('agent', 'skill', 'agent_unavailable')", name="agent_outcome"),
        # A callback has one follow-up at most, however often its end is reported.
        Index("uq_callback_follow_up_of", "follow_up_of", unique=True, mssql_where=_FOLLOWS, sqlite_where=_FOLLOWS),
        # The n-th open callback of a number: the limit holds under any concurrency without a lock.
        Index("uq_callback_phone_open_rank", "phone", "open_rank", unique=True, mssql_where=_OPEN, sqlite_where=_OPEN),
        # The claim's question is answered by it alone.
        Index("ix_callback_due", "status", "campaign_id", "due_at",
              mssql_include=["slot_start", "phone", "attempts", "erasure_id", "pool_id", "calling_zones"]),
        Index("ix_callback_slot", "pool_id", "slot_start", "status"),
        Index("ix_callback_phone", "phone", "created_at"),
        Index("ix_callback_start", "start_at"),
        Index("ix_callback_api_client", "api_client_id"),
        # What retention looks through is what it has not removed yet, however long the history is.
        Index("ix_callback_personal", "start_at", mssql_where=_PERSONAL, sqlite_where=_PERSONAL,
              mssql_include=["status", "changed_at"]),
        Index("ix_callback_erasure", "erasure_id", "status", mssql_where=_TO_ERASE, sqlite_where=_TO_ERASE),
        Index("ix_callback_batch", "batch_id", mssql_where=_IN_BATCH, sqlite_where=_IN_BATCH),
        # The portal's list: by time within each state, of all, of a skill, or of a campaign; answered without the rows.
        # The pool tells in which zone a date is meant.
        Index("ix_callback_status", "status", "start_at", "account_number", "pool_id"),
        Index("ix_callback_skill", "skill_id", "status", "start_at", "account_number", "campaign_id", "pool_id"),
        Index("ix_callback_campaign", "campaign_id", "status", "start_at", "account_number", "pool_id"),
    )  # fmt: skip
    account_number: Mapped[str] = mapped_column(nvarchar(26), primary_key=True)
    status: Mapped[str] = mapped_column(nvarchar(16))
    phone: Mapped[str] = mapped_column(nvarchar(20))
    open_rank: Mapped[int | None]
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    slot_start: Mapped[datetime] = mapped_column(UtcDateTime)
    start_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_name: Mapped[str | None] = mapped_column(nvarchar(50))
    last_name: Mapped[str | None] = mapped_column(nvarchar(50))
    agent_id: Mapped[str | None] = mapped_column(nvarchar(32))
    time_zone: Mapped[str | None] = mapped_column(nvarchar(64))
    customer_time_zone: Mapped[str | None] = mapped_column(nvarchar(64))
    calling_zones: Mapped[str | None] = mapped_column(nvarchar(400))
    call_data: Mapped[dict[str, str]] = mapped_column(Json)
    call_id: Mapped[str | None] = mapped_column(nvarchar(64))
    source: Mapped[str] = mapped_column(nvarchar(16))
    api_client_id: Mapped[int | None] = mapped_column(ForeignKey("api_client.id"))
    booked_by_agent: Mapped[str | None] = mapped_column(nvarchar(32))
    attempts: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[str | None] = mapped_column(nvarchar(26))
    outcome: Mapped[str | None] = mapped_column(nvarchar(32))
    reason: Mapped[str | None] = mapped_column(nvarchar(500))
    # No foreign key: it would need an index of all callbacks, and an erasure is deleted when none has its id any more.
    erasure_id: Mapped[int | None] = mapped_column(BIG_ID)
    agent_outcome: Mapped[str | None] = mapped_column(nvarchar(32))
    agent_outcome_attempt: Mapped[int | None]
    follow_up_of: Mapped[str | None] = mapped_column(nvarchar(26))  # no foreign key: either may be deleted first
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attempt(Base):
    """One contact made of a callback; `contact_key` (`<account number>-<nn>`) is its AccountNumber in UCCE.

    A row exists from the claim on. `imported_at` is set when UCCE is known to have it, `finished_at` with its result or
    when it is known that UCCE never took it; a callback has one unfinished attempt at most.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index("uq_attempt_account_number_unfinished", "account_number", unique=True, mssql_where=_UNFINISHED,
              sqlite_where=_UNFINISHED),
        UniqueConstraint("account_number", "number"),
        Index("ix_attempt_batch", "batch_id"),
        Index("ix_attempt_claimed", "claimed_at"),
        Index("ix_attempt_campaign", "campaign_id"),
    )  # fmt: skip
    contact_key: Mapped[str] = mapped_column(nvarchar(29), primary_key=True)
    account_number: Mapped[str] = mapped_column(ForeignKey("callback.account_number"))
    number: Mapped[int]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    ucce_campaign_id: Mapped[int | None]  # the campaign in UCCE it was sent to: ours may get another one later
    batch_id: Mapped[str] = mapped_column(nvarchar(26))
    epoch: Mapped[int] = mapped_column(BigInteger)
    node: Mapped[str] = mapped_column(nvarchar(64))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the callback's, as it was claimed
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when UCCE's list was first seen to hold it
    # When UCCE's list first showed that it is, or was, at a dialer: at most a reading late. NULL: it was not called.
    dialed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(nvarchar(32))  # answered, busy, no_answer, …, refused, not_taken
    call_result: Mapped[int | None]  # UCCE's CallResult, raw (ucce/REFERENCE.md 2.3)
    call_status: Mapped[str | None] = mapped_column(nvarchar(32))  # UCCE's callStatus, raw (1.5.3)
    calls_made: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(nvarchar(500))


class CallbackEvent(Base):
    """One transition: the portal shows a callback's events as its timeline. `from_status` is NULL for the booking."""

    __tablename__ = "callback_event"
    __table_args__ = (Index("ix_callback_event_account_number", "account_number", "id"),)
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    account_number: Mapped[str] = mapped_column(ForeignKey("callback.account_number"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_status: Mapped[str | None] = mapped_column(nvarchar(16))
    to_status: Mapped[str] = mapped_column(nvarchar(16))
    who: Mapped[str] = mapped_column(nvarchar(96))
    why: Mapped[str] = mapped_column(nvarchar(500))


class CallbackRequest(Base):
    """One customer's request and its outcome: a question, a refusal with its code, a booking, an offer not taken.

    `outcome` is `asked`, `no_slots`, `scheduled`, `declined`, `abandoned` or the code of the refusal. With a
    `request_key` the row is also the idempotency record: `response` is what the client got. Moves and cancellations
    with a key are here for that alone (`rescheduled`, `not_rescheduled`, `cancelled`, `not_cancelled`).
    """

    __tablename__ = "callback_request"
    __table_args__ = (
        UniqueConstraint("record_id"),
        Index("uq_callback_request_request_key", "requester", "request_key", unique=True, mssql_where=_KEYED,
              sqlite_where=_KEYED),
        Index("ix_callback_request_at", "at", "outcome"),
        Index("ix_callback_request_api_client", "api_client_id"),
        Index("ix_callback_request_personal", "at", mssql_where=_OF_A_CALL, sqlite_where=_OF_A_CALL,
              mssql_include=["call_id", "outcome"]),
        Index("ix_callback_request_keyed", "at", mssql_where=_KEYED, sqlite_where=_KEYED),
        # The report of requests looks for the others of a call by it (shared/reports/views.py).
        Index("ix_callback_request_call_id", "call_id", "at",
              mssql_include=["api_client_id", "outcome", "slots_offered"]),
        Index("ix_callback_request_account_number", "account_number"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    # Made with the record: one that is written again after a commit without an answer meets itself.
    record_id: Mapped[str] = mapped_column(nvarchar(26), default=new_record_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(nvarchar(32))
    skill: Mapped[str | None] = mapped_column(nvarchar(64))  # as asked: it may not exist
    campaign: Mapped[str | None] = mapped_column(nvarchar(64))
    call_id: Mapped[str | None] = mapped_column(nvarchar(64))
    source: Mapped[str] = mapped_column(nvarchar(16))
    api_client_id: Mapped[int | None] = mapped_column(ForeignKey("api_client.id"))
    account_number: Mapped[str | None] = mapped_column(ForeignKey("callback.account_number"))
    slots_offered: Mapped[int | None]
    requester: Mapped[str | None] = mapped_column(nvarchar(48))  # whose key it is; ApiCaller.requester
    request_key: Mapped[str | None] = mapped_column(exact_nvarchar(128))
    request_hash: Mapped[str | None] = mapped_column(nvarchar(64))
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)


class DoNotCall(Base):
    """A number that is never called back (E.164)."""

    __tablename__ = "do_not_call"
    phone: Mapped[str] = mapped_column(nvarchar(20), primary_key=True)
    note: Mapped[str | None] = mapped_column(nvarchar(255))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str | None] = mapped_column(nvarchar(96))


class Erasure(Base):
    """A person's erasure, as an administrator asked for it; which number it was is kept nowhere.

    `callbacks` had the number, `row_count` rows have lost what was personal. It is finished when no callback has its
    id any more: those that UCCE has keep their data until they are closed.
    """

    __tablename__ = "erasure"
    __table_args__ = (Index(None, "finished_at"),)
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_by: Mapped[str] = mapped_column(nvarchar(96))
    callbacks: Mapped[int]
    row_count: Mapped[int]
    do_not_call: Mapped[bool]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ErasedDoNotCall(Base):
    """A number that is never called back, of an erased person: known by its keyed hash alone (shared/phone_hash.py).

    `key_id` tells which key it was hashed with.
    """

    __tablename__ = "erased_do_not_call"
    phone_hash: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    key_id: Mapped[str] = mapped_column(nvarchar(16))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
