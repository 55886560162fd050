"""Booking a callback: the rules in their order, then one transaction whose last statement takes the place.

That transaction is tried first, on the rules that need no database; what it violates, the rules then name.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from shared.callbacks import rules
from shared.callbacks.availability import nearest_free, shown
from shared.callbacks.capacity import ensure_slot, take_place_for
from shared.callbacks.catalogue import Catalogue, Pool
from shared.callbacks.catalogue_cache import CatalogueCache, OutdatedCatalogue
from shared.callbacks.facts import Facts, read_facts
from shared.callbacks.idempotency import booked_answer, first_answer, record_refusal, refuse
from shared.callbacks.orders import Booking, Caller, Order
from shared.callbacks.records import CallbackRecord, find
from shared.callbacks.requests import request_row, write_request
from shared.callbacks.schedule import ScheduledSlot
from shared.callbacks.states import Status
from shared.callbacks.transitions import record_event
from shared.db.faults import Fault, classify
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.db.types import given
from shared.errors import Code, DomainError, Unavailable

_INSERT = insert(Callback)
RACES = 8  # lost races (last place, same number, same key) before we answer 503


def book(
    database: Database, catalogues: CatalogueCache, order: Order, caller: Caller, now: datetime, key: str | None = None
) -> Booking:
    """Book a callback, or raise the DomainError of the first rule that refuses it; either way a request is recorded.

    With a `key`, a repeat of the same order gets the first answer again (a refusal too), and another order
    `idempotency_key_reused`. Raises Unavailable when the database does not answer: nothing is booked then, or
    a repeat with the key tells.
    """
    attempt = _Attempt(database, catalogues, order, caller, now, key)
    try:
        answer = catalogues.decide(attempt.decide)
    except Unavailable:
        raise
    except DomainError as refusal:
        answer = refuse(database, catalogues, order, caller, now, key, refusal)
    if isinstance(answer, Booking):
        return answer
    if answer.code is Code.IDEMPOTENCY_KEY_REUSED:
        record_refusal(database, order, caller, now, key, answer)
    raise answer


class _LostRace(Exception):
    """Another transaction was faster, or we hoped in vain; ours is rolled back. Look again."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that the rules allow, or that we hope they do: what is left is to win it."""

    pool: Pool
    slot: ScheduledSlot
    rank: int


class _Attempt:
    """One call of `book`: what stays the same while decisions are made anew."""

    def __init__(
        self,
        database: Database,
        catalogues: CatalogueCache,
        order: Order,
        caller: Caller,
        now: datetime,
        key: str | None,
    ) -> None:
        self.database, self.catalogues = database, catalogues
        self.order, self.caller, self.now, self.key = order, caller, now, key
        # Made once: a second run after a commit of unknown outcome meets its own row and knows it.
        self.account_number = str(ULID.from_datetime(now))

    def decide(self, catalogue: Catalogue) -> Booking | DomainError:
        """The booking, or the first answer of the key. Raises the refusal of a rule, OutdatedCatalogue, Unavailable."""
        for tried in range(RACES):
            try:
                return self._once(catalogue, hopeful=tried == 0)
            except _LostRace:
                mine = self._mine()
                if mine is not None:
                    return Booking(mine, repeated=False)
            except IntegrityError as error:  # an administrator has just deleted what we were about to refer to
                if self.catalogues.refreshed().version == catalogue.version:
                    raise
                raise OutdatedCatalogue from error
        raise Unavailable("Too many bookings at once for this slot. Try again in a few seconds.", retry_after=1)

    def _mine(self) -> CallbackRecord | None:
        """The callback of this very attempt: a commit whose end we did not learn may have reached the database."""
        try:
            return find(self.database, self.catalogues, self.account_number)
        except DomainError as unknown:
            if unknown.code is not Code.UNKNOWN_CALLBACK:
                raise
            return None

    def _once(self, catalogue: Catalogue, *, hopeful: bool) -> Booking | DomainError:
        """Decide by what the database says now; or `hopeful`, without having asked: nearly every wish can be granted,
        and the write takes no place that a rule refuses. Why it did not, the next run finds out."""
        order, settings = self.order, catalogue.settings
        wanted = rules.destination(catalogue, order.skill, order.campaign)
        phone = rules.callable_phone(settings, order.phone)
        start = rules.wished_start(order.start, catalogue.zone_of(wanted.pool), settings, self.now)
        slot = rules.slot_at(wanted.pool, start) if isinstance(start, datetime) else None
        if hopeful and wanted.pool and slot and isinstance(start, datetime):
            return self._won(catalogue, wanted, _Place(wanted.pool, slot, rank=1), phone, start)
        facts = self._facts(phone, wanted.pool, slot)
        if facts.stored is not None:
            return first_answer(self.database, self.catalogues, facts.stored, order)
        if facts.version != catalogue.version:
            raise OutdatedCatalogue
        if facts.do_not_call:
            raise DomainError(Code.DO_NOT_CALL, "This number is on the do-not-call list.")
        if isinstance(start, DomainError):
            raise start
        place = self._place(catalogue, wanted.pool, slot, start, facts)
        return self._won(catalogue, wanted, place, phone, start)

    def _won(
        self, catalogue: Catalogue, wanted: rules.Destination, place: _Place, phone: str, start: datetime
    ) -> Booking:
        record = self._record(wanted, place, phone, start)
        self._write(catalogue, wanted, place, record)
        return Booking(record, repeated=False)

    def _facts(self, phone: str, pool: Pool | None, slot: ScheduledSlot | None) -> Facts:
        return read_facts(
            self.database,
            phone=phone,
            pool_id=pool.id if pool else None,
            start=slot.start if slot else None,
            client_id=self.caller.client_id,
            key=self.key,
        )

    def _place(
        self, catalogue: Catalogue, pool: Pool | None, slot: ScheduledSlot | None, start: datetime, facts: Facts
    ) -> _Place:
        """Rules 5 and 6: the number may have another open callback, and the slot has room."""
        limit = catalogue.settings.open_callbacks_per_number
        if len(facts.open_ranks) >= limit:
            raise DomainError(
                Code.DUPLICATE_CALLBACK,
                "This number already has an open callback. Reschedule or cancel that one.",
                accountNumber=max(facts.open_ranks, default=None),
            )
        if pool is None or slot is None:
            raise no_place(self.database, catalogue, pool, start, self.now, Code.NO_SLOT)
        if (facts.booked or 0) >= slot.capacity:
            raise no_place(self.database, catalogue, pool, start, self.now, Code.SLOT_FULL)
        if facts.booked is None:
            ensure_slot(self.database, pool.id, slot)
        rank = next(rank for rank in range(1, limit + 1) if rank not in facts.open_ranks.values())
        return _Place(pool, slot, rank)

    def _record(self, wanted: rules.Destination, place: _Place, phone: str, start: datetime) -> CallbackRecord:
        order = self.order
        return CallbackRecord(
            account_number=self.account_number,
            status=Status.SCHEDULED,
            phone=phone,
            start=start,
            slot_start=place.slot.start,
            skill=wanted.skill.name,
            campaign=wanted.campaign.name,
            call_data=order.call_data,
            first_name=order.first_name,
            last_name=order.last_name,
            agent_id=order.agent_id,
            source=self.caller.source,
            created_at=self.now,
            attempts=0,
            outcome=None,
            pool_id=place.pool.id,
            zone=place.pool.zone,
        )

    @retried
    def _write(self, catalogue: Catalogue, wanted: rules.Destination, place: _Place, record: CallbackRecord) -> None:
        try:
            with self.database.writing() as tx:
                self._insert(tx, wanted, place, record)
                limit = catalogue.settings.open_callbacks_per_number
                if not take_place_for(tx, record.phone, limit, place.pool.id, place.slot, catalogue.version):
                    raise _LostRace
                tx.commit()
        except IntegrityError as error:
            if classify(error) is Fault.DUPLICATE:  # the same number or the same key at the same time
                raise _LostRace from error
            raise

    def _insert(self, tx: Connection, wanted: rules.Destination, place: _Place, record: CallbackRecord) -> None:
        order, caller = self.order, self.caller
        values = {
            "account_number": record.account_number,
            "status": record.status,
            "phone": record.phone,
            "open_rank": place.rank,
            "skill_id": wanted.skill.id,
            "campaign_id": wanted.campaign.id,
            "pool_id": place.pool.id,
            "slot_start": record.slot_start,
            "start_at": record.start,
            "due_at": record.start,
            "first_name": record.first_name,
            "last_name": record.last_name,
            "agent_id": record.agent_id,
            "call_data": record.call_data,
            "call_id": order.call_id,
            "source": record.source,
            "api_client_id": caller.client_id,
            "attempts": 0,
            "created_at": self.now,
            "changed_at": self.now,
        }
        tx.execute(_INSERT, given(values))
        record_event(tx, record.account_number, None, Status.SCHEDULED, now=self.now, who=caller.who, why="booked")
        request = request_row(
            self.now,
            Status.SCHEDULED,
            skill=order.skill,
            campaign=wanted.campaign.name,
            call_id=order.call_id,
            source=caller.source,
            api_client_id=caller.client_id,
            account_number=record.account_number,
            request_key=self.key,
            request_hash=order.fingerprint() if self.key else None,
            answer=booked_answer(record) if self.key else None,
        )
        write_request(tx, request)


def no_place(
    database: Database, catalogue: Catalogue, pool: Pool | None, start: datetime, now: datetime, code: Code
) -> DomainError:
    """The refusal of rule 6, with the nearest free slots as dictionaries in the pool's local time."""
    free = nearest_free(database, catalogue, pool, start, now) if pool else []
    detail = "There is no slot at this time." if code is Code.NO_SLOT else "This slot is full."
    hint = " See alternatives." if free else " There is no free slot within the booking window."
    return DomainError(code, detail + hint, alternatives=[shown(slot, catalogue.zone_of(pool)) for slot in free])
