"""Moving a booked callback to another start: decided like a booking (resolver.py), by today's schedule and campaign."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select
from sqlalchemy.exc import IntegrityError

from shared.callbacks import resolver
from shared.callbacks.availability import alternatives_to
from shared.callbacks.booking import MAX_ATTEMPTS, LostRace, too_busy
from shared.callbacks.booking_reads import read_booking_state
from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.cancel_dispatch import ExtraWork
from shared.callbacks.capacity import give_places, slot_order, take_place
from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.idempotency import (
    KeyedChange,
    StoredRequest,
    read_stored,
    record_refusal,
    replay,
    scheduled_response,
    store_once,
)
from shared.callbacks.lookup import CallbackView, Conditions, plain_account_number, read_row, view_of
from shared.callbacks.request_log import insert_request
from shared.callbacks.resolver import BookingState, Candidate, HeldPlace, NoPlace, Place
from shared.callbacks.states import Status
from shared.callbacks.transitions import transition_one
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import Callback, ConfigVersion, DoNotCall
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, Unavailable


def reschedule(
    database: Database,
    config_cache: ConfigCache,
    account_number: str,
    start: str,
    *,
    now: datetime,
    who: str,
    in_transaction: ExtraWork | None = None,
    keyed: KeyedChange | None = None,
    visible: Conditions = (),
) -> CallbackView:
    """Move a scheduled callback that is `visible`, in one transaction. The start that it has already changes nothing,
    and is refused by the same rules.

    Raises `unknown_callback`, `not_reschedulable`, the codes of a booking but `duplicate_callback`, Unavailable. With a
    key, a repeat gets the first answer again, also after a newer move, and another request `idempotency_key_reused`.
    """
    attempt = _RescheduleAttempt(
        database, config_cache, account_number, start, now, who, in_transaction, keyed, visible
    )
    try:
        answer = config_cache.retry_if_stale(attempt.try_until_written)
    except Unavailable:
        raise
    except DomainError as refusal:
        if keyed is None:
            raise
        stored = record_refusal(database, keyed.row(now, "not_rescheduled", None, {}), keyed.request, refusal)
        if stored is None:
            raise
        answer = stored
    return replay(database, config_cache, answer, visible) if isinstance(answer, StoredRequest) else answer


@dataclass(frozen=True, slots=True)
class _RescheduleAttempt:
    """One call of `reschedule`: read, decide, write, until the write succeeds."""

    database: Database
    config_cache: ConfigCache
    account_number: str
    start: str
    now: datetime
    who: str
    in_transaction: ExtraWork | None
    keyed: KeyedChange | None
    visible: Conditions

    def try_until_written(self, snapshot: ConfigSnapshot) -> CallbackView | StoredRequest:
        """The moved callback, or the first request with the key. Raises a refusal, StaleSnapshot, Unavailable."""
        for _ in range(MAX_ATTEMPTS):
            if self.keyed and (stored := read_stored(self.database, self.keyed.request)):
                return stored
            row = read_row(self.database, plain_account_number(self.account_number), self.visible)
            if row.status != Status.SCHEDULED:
                raise DomainError(Code.NOT_RESCHEDULABLE, f"A callback that is {row.status} can't be rescheduled.")
            candidate = self._candidate(snapshot, row)
            state = read_booking_state(self.database, candidate, None).state
            if state.version != snapshot.version:
                raise StaleSnapshot
            current = view_of(self.config_cache, row)
            place = self._admitted(snapshot, candidate, state, row)
            if place.pool.id == row.pool_id and place.start == row.start_at == row.due_at:
                return self._unchanged(current)  # asked for again, perhaps by us after a commit of unknown outcome
            moved = replace(current, start=place.start, slot_start=place.slot.start, pool_id=place.pool.id,
                            zone=place.pool.zone, customer_zone=candidate.called.zone)  # fmt: skip
            try:
                self._write(snapshot, row, place, moved, candidate.called)
                return moved
            except LostRace:
                continue
        raise too_busy()

    def _candidate(self, snapshot: ConfigSnapshot, row: Row[*tuple[Any, ...]]) -> Candidate:
        skill, campaign = snapshot.skill_by_id.get(row.skill_id), snapshot.campaign_by_id.get(row.campaign_id)
        if skill is None or campaign is None:
            raise StaleSnapshot
        return resolver.candidate(snapshot, skill.name, campaign.name, row.phone, self.start, self.now,
                                  row.time_zone)  # fmt: skip

    def _admitted(
        self, snapshot: ConfigSnapshot, candidate: Candidate, state: BookingState, row: Row[*tuple[Any, ...]]
    ) -> Place:
        try:
            return resolver.admit(snapshot, candidate, state, HeldPlace(row.pool_id, row.slot_start, row.open_rank))
        except NoPlace as refusal:
            raise alternatives_to(self.database, snapshot, candidate.target, refusal, self.now) from refusal

    def _unchanged(self, current: CallbackView) -> CallbackView | StoredRequest:
        if self.keyed is None:
            return current
        return store_once(self.database, self._request(self.keyed, current), self.keyed.request) or current

    def _request(self, keyed: KeyedChange, moved: CallbackView) -> dict[str, Any]:
        return keyed.row(self.now, "rescheduled", moved.account_number, scheduled_response(moved))

    @retried
    def _write(
        self,
        snapshot: ConfigSnapshot,
        row: Row[*tuple[Any, ...]],
        place: Place,
        moved: CallbackView,
        called: CalledParty,
    ) -> None:
        try:
            with self.database.writing() as tx:
                self._write_reschedule(tx, snapshot, row, moved, called)
                if self.keyed:
                    insert_request(tx, self._request(self.keyed, moved))
                if self.in_transaction:
                    self.in_transaction(tx)
                if not _swap_slots(tx, snapshot, (row.pool_id, row.slot_start), place):
                    raise LostRace
                tx.commit()
        except IntegrityError as error:
            if classify(error) is ErrorClass.DUPLICATE:  # the same key or new slot at the same time
                raise LostRace from error
            raise

    def _write_reschedule(
        self,
        tx: Connection,
        snapshot: ConfigSnapshot,
        row: Row[*tuple[Any, ...]],
        moved: CallbackView,
        called: CalledParty,
    ) -> None:
        """The callback's row, on the conditions that the decision was made by. Raises LostRace."""
        taken = transition_one(
            tx,
            row.account_number,
            Status.SCHEDULED,
            Status.SCHEDULED,
            where=[
                Callback.start_at == row.start_at,
                Callback.slot_start == row.slot_start,
                Callback.pool_id == row.pool_id,
                ~exists().where(DoNotCall.phone == Callback.phone),
                select(ConfigVersion.version).scalar_subquery() == snapshot.version,
            ],
            now=self.now,
            who=self.who,
            why=f"rescheduled from {row.start_at.isoformat()} to {moved.start.isoformat()}",
            start_at=moved.start,
            due_at=moved.start,
            slot_start=moved.slot_start,
            pool_id=moved.pool_id,
            **called.columns,
        )
        if taken is None:
            raise LostRace


def _swap_slots(tx: Connection, snapshot: ConfigSnapshot, old: tuple[int, datetime], place: Place) -> bool:
    """Give the old place and take the new one, in the order of all who lock two slots; False when it is taken."""
    new = (place.pool.id, place.slot.start)
    if old == new:
        return True
    if slot_order(old) < slot_order(new):
        give_places(tx, [old])
        return take_place(tx, place.pool.id, place.slot, snapshot.version)
    taken = take_place(tx, place.pool.id, place.slot, snapshot.version)
    give_places(tx, [old])
    return taken
