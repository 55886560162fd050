"""Booking a callback: decide (resolver.py), then one transaction whose last statement takes the place.

That transaction is tried first, on the rules that need no database; what it violates, the rules then name.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from shared.callbacks import resolver
from shared.callbacks.availability import alternatives_to
from shared.callbacks.booking_reads import read_booking_state
from shared.callbacks.booking_request import ApiCaller, BookingRequest, BookingResult
from shared.callbacks.capacity import take_place_for
from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.idempotency import (
    RequestKey,
    StoredRequest,
    columns_of,
    record_refusal,
    replay,
    scheduled_response,
)
from shared.callbacks.lookup import CallbackView, find_by_account_number
from shared.callbacks.request_log import insert_request, insert_request_now, request_values
from shared.callbacks.resolver import Candidate, NoPlace, Place
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.states import Status
from shared.callbacks.transitions import record_event
from shared.db.columns import without_nulls
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, Unavailable

_INSERT = insert(Callback)
MAX_ATTEMPTS = 8  # lost races (last place, same number, same key) before we answer 503


class Preceding(Protocol):
    """A callback that ends in the transaction that books the one that follows it."""

    @property
    def account_number(self) -> str: ...
    @property
    def booked_by_agent(self) -> str | None: ...

    def end(self, tx: Connection, follow_up: CallbackView) -> None:
        """Raises what leaves the transaction, and the booking, when it has ended otherwise."""


class LostRace(Exception):
    """Another transaction was faster, or the optimistic one was not allowed; ours is rolled back. Decide again."""


def too_busy() -> Unavailable:
    """The refusal after MAX_ATTEMPTS lost races."""
    return Unavailable("Too many bookings at once for this slot. Try again in a few seconds.", retry_after=1)


def book(
    database: Database,
    config_cache: ConfigCache,
    request: BookingRequest,
    caller: ApiCaller,
    now: datetime,
    key: str | RequestKey | None = None,
    in_transaction: Callable[[Connection, str], None] | None = None,
) -> BookingResult:
    """Book a callback, or raise the DomainError of the first rule that refuses it; either way a request is recorded.

    With a `key` (the client's, or one that was made of the request), a repeat of the same request gets the first answer
    again (a refusal too), and another request `idempotency_key_reused`. Raises Unavailable when the database does not
    answer: nothing is booked then, or a repeat with the key tells. `in_transaction` gets the callback's account number.
    """
    request_key = RequestKey(caller.requester, key, request.fingerprint()) if isinstance(key, str) else key

    def refused(code: Code) -> dict[str, Any]:
        names = config_cache.current().spelling(request.skill, request.campaign)
        return request_values(now, code, call_id=request.call_id, source=caller.source, api_client_id=caller.client_id,
                           **names)  # fmt: skip

    try:
        answer = config_cache.retry_if_stale(
            BookingAttempt(
                database, config_cache, request, caller, now, request_key, in_transaction=in_transaction
            ).try_until_written
        )
    except Unavailable:
        raise
    except DomainError as refusal:
        stored = record_refusal(database, refused(refusal.code), request_key, refusal)
        if stored is None:
            raise
        answer = stored
    if isinstance(answer, CallbackView):
        return BookingResult(answer, replayed=False)
    try:
        return BookingResult(replay(database, config_cache, answer, caller.visible), replayed=True)
    except DomainError as refusal:
        if refusal.code is Code.IDEMPOTENCY_KEY_REUSED:
            insert_request_now(database, refused(refusal.code))
        raise


def rehearse(connection: Connection) -> None:
    """Execute what takes a place, of a pool that there can't be: a server compiles it then, and not while a caller
    waits. For `Database.keep_warm`."""
    slot = ScheduledSlot(datetime(1970, 1, 1, tzinfo=UTC), 1)
    with suppress(IntegrityError):
        take_place_for(connection, "", "", 0, -1, slot, -1)


class BookingAttempt:
    """One call of `book`: an optimistic write, and until one succeeds: read, decide, write."""

    def __init__(
        self,
        database: Database,
        config_cache: ConfigCache,
        request: BookingRequest,
        caller: ApiCaller,
        now: datetime,
        request_key: RequestKey | None,
        preceding: Preceding | None = None,
        in_transaction: Callable[[Connection, str], None] | None = None,
    ) -> None:
        self.preceding, self.in_transaction = preceding, in_transaction
        self.database, self.config_cache = database, config_cache
        self.request, self.caller, self.now, self.request_key = request, caller, now, request_key
        # Made once: a second run after a commit of unknown outcome meets its own row and knows it.
        self.account_number = str(ULID.from_datetime(now))

    def try_until_written(self, snapshot: ConfigSnapshot) -> CallbackView | StoredRequest:
        """The callback, or the first request with the key. Raises a rule's refusal, StaleSnapshot, Unavailable."""
        request = self.request
        candidate = resolver.candidate(
            snapshot,
            request.skill,
            request.campaign,
            request.phone,
            request.start,
            self.now,
            request.time_zone,
        )
        place = candidate.optimistic_place()
        for _ in range(MAX_ATTEMPTS):
            if place is None:
                decided = self._read_and_decide(snapshot, candidate)
                if not isinstance(decided, Place):
                    return decided
                place = decided
            callback = self._new_callback(candidate, place)
            try:
                self._write(snapshot, candidate, place, callback)
                return callback
            except LostRace:
                place = None
            except IntegrityError as error:  # an administrator has just deleted what we were about to refer to
                if self.config_cache.reload().version == snapshot.version:
                    raise
                raise StaleSnapshot from error
        raise too_busy()

    def _read_and_decide(self, snapshot: ConfigSnapshot, candidate: Candidate) -> Place | CallbackView | StoredRequest:
        """The place that may be taken; or what there is already: the callback of this very attempt, whose commit may
        have reached the database without our learning of it, or the first request with the key."""
        state, stored, own = read_booking_state(
            self.database, candidate, self.request_key, self.account_number, self.caller
        )
        if own:
            return find_by_account_number(self.database, self.config_cache, self.account_number)
        if stored is not None:
            return stored
        if state.version != snapshot.version:
            raise StaleSnapshot
        try:
            return resolver.admit(
                snapshot, candidate, state.without(self.preceding.account_number) if self.preceding else state
            )
        except NoPlace as refusal:
            raise alternatives_to(self.database, snapshot, candidate.target, refusal, self.now) from refusal

    def _new_callback(self, candidate: Candidate, place: Place) -> CallbackView:
        request = self.request
        return CallbackView(
            account_number=self.account_number,
            status=Status.SCHEDULED,
            phone=candidate.phone,
            start=place.start,
            slot_start=place.slot.start,
            skill=candidate.target.skill.name,
            campaign=candidate.target.campaign.name,
            call_data=request.call_data,
            first_name=request.first_name,
            last_name=request.last_name,
            agent_id=request.agent_id,
            time_zone=request.time_zone,
            customer_zone=candidate.called.zone,
            source=self.caller.source,
            created_at=self.now,
            attempts=0,
            outcome=None,
            pool_id=place.pool.id,
            zone=place.pool.zone,
            agent_policy=candidate.target.campaign.agent_policy(request.agent_id),
            agent_wait_seconds=candidate.target.campaign.agent_wait_seconds(request.agent_id),
        )

    @retried
    def _write(self, snapshot: ConfigSnapshot, candidate: Candidate, place: Place, callback: CallbackView) -> None:
        try:
            with self.database.writing() as tx:
                if self.preceding:
                    self.preceding.end(tx, callback)  # first: it gives its rank free
                self._insert(tx, candidate, place, callback)
                if self.in_transaction:
                    self.in_transaction(tx, callback.account_number)
                limit = snapshot.settings.open_callbacks_per_number
                number = candidate.phone, candidate.phone_hash
                if not take_place_for(tx, *number, limit, place.pool.id, place.slot, snapshot.version):
                    raise LostRace
                tx.commit()
        except IntegrityError as error:
            if classify(error) is ErrorClass.DUPLICATE:  # the same number, key or new slot at the same time
                raise LostRace from error
            raise

    def _insert(self, tx: Connection, candidate: Candidate, place: Place, callback: CallbackView) -> None:
        request, caller, target = self.request, self.caller, candidate.target
        values = {
            "account_number": callback.account_number,
            "status": callback.status,
            "phone": callback.phone,
            "open_rank": place.rank,
            "skill_id": target.skill.id,
            "campaign_id": target.campaign.id,
            "pool_id": place.pool.id,
            "slot_start": callback.slot_start,
            "start_at": callback.start,
            "due_at": callback.start,
            "first_name": callback.first_name,
            "last_name": callback.last_name,
            "agent_id": callback.agent_id,
            "time_zone": callback.time_zone,
            **candidate.called.columns,
            "call_data": callback.call_data,
            "call_id": request.call_id,
            "source": callback.source,
            "api_client_id": caller.client_id,
            "follow_up_of": self.preceding.account_number if self.preceding else None,
            "booked_by_agent": self.preceding.booked_by_agent if self.preceding else caller.agent_id,
            "attempts": 0,
            "created_at": self.now,
            "changed_at": self.now,
        }
        tx.execute(_INSERT, without_nulls(values))
        why = f"booked as the follow-up of {self.preceding.account_number}" if self.preceding else "booked"
        record_event(tx, callback.account_number, None, Status.SCHEDULED, now=self.now, who=caller.who, why=why)
        row = request_values(
            self.now,
            Status.SCHEDULED,
            skill=target.skill.name,
            campaign=target.campaign.name,
            call_id=request.call_id,
            source=caller.source,
            api_client_id=caller.client_id,
            account_number=callback.account_number,
            **columns_of(self.request_key, scheduled_response(callback)),
        )
        insert_request(tx, row)
