"""Taking back a cancellation that was a mistake: the callback waits again, where its place is still free."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from shared.callbacks.booking import LostRace
from shared.callbacks.capacity import Place, slot_order, take_place
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.lookup import Conditions
from shared.callbacks.personal_data import REMOVED
from shared.callbacks.resolver import called_party, free_rank
from shared.callbacks.rules import Target
from shared.callbacks.schedule import HALF_HOUR, ScheduledSlot
from shared.callbacks.states import Status
from shared.callbacks.transitions import Transitioned, transition_many
from shared.db.key_lists import one_of
from shared.db.models import Callback, DoNotCall, Slot

RESTORED = "restored"
_NOT_LISTED = ~exists().where(DoNotCall.phone == Callback.phone)
_COLUMNS = (
    Callback.account_number, Callback.status, Callback.phone, Callback.skill_id, Callback.campaign_id,
    Callback.pool_id, Callback.start_at, Callback.slot_start, Callback.time_zone, Callback.erasure_id,
    DoNotCall.phone.label("do_not_call"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restoration:
    """`outcomes` says of each account number what became of it: RESTORED, or in words why not. `places` are left to be
    taken."""

    outcomes: Mapping[str, str]
    places: Sequence[tuple[int, ScheduledSlot]]


def restore_many(
    tx: Connection,
    snapshot: ConfigSnapshot,
    account_numbers: Sequence[str],
    *,
    where: Conditions = (),
    now: datetime,
    who: str,
    why: str,
) -> Restoration:
    """Have at most 500 cancelled callbacks that meet `where` scheduled again, those booked first as far as places are
    free by today's schedule. `take_places` must follow in the same transaction.

    A place, a rank among the number's open callbacks, the do-not-call list and the calling hours are decided as for a
    booking; notice and brakes are not asked again. Raises LostRace, and IntegrityError for a booking of the same
    number, when something was taken meanwhile: the transaction is to be run again.
    """
    statement = select(*_COLUMNS).select_from(Callback).outerjoin(DoNotCall, DoNotCall.phone == Callback.phone)
    statement = statement.where(one_of(Callback.account_number, account_numbers), *where)
    rows = tx.execute(statement.order_by(Callback.account_number)).all()
    decisions = _Decisions(snapshot, now, _open_ranks(tx, rows), _booked(tx, rows))
    outcomes = dict.fromkeys(account_numbers, "not restored: it does not exist any more")
    chosen: dict[int, list[str]] = defaultdict(list)
    slots: dict[str, ScheduledSlot] = {}
    for row in rows:
        decided = decisions.decide(row)
        if isinstance(decided, str):
            outcomes[row.account_number] = f"not restored: {decided}"
        else:
            rank, slots[row.account_number] = decided
            chosen[rank].append(row.account_number)
    restored: list[Transitioned] = []
    for rank, numbers in sorted(chosen.items()):
        same = [*where, Callback.erasure_id.is_(None), Callback.phone != REMOVED, _NOT_LISTED]
        restored += transition_many(tx, numbers, Status.CANCELLED, Status.SCHEDULED, where=same, now=now, who=who,
                                    why=why, open_rank=rank, reason=None)  # fmt: skip
    if len(restored) != len(slots):
        raise LostRace
    outcomes |= {one.account_number: RESTORED for one in restored}
    return Restoration(outcomes, [(one.pool_id, slots[one.account_number]) for one in restored])


def take_places(tx: Connection, snapshot: ConfigSnapshot, restoration: Restoration) -> None:
    """Take the places of what was restored. Last of a transaction's statements, as `take_place`. Raises LostRace."""
    for pool_id, slot in sorted(restoration.places, key=lambda place: slot_order((place[0], place[1].start))):
        if not take_place(tx, pool_id, slot, snapshot.version):
            raise LostRace


@dataclass(frozen=True, slots=True)
class _Decisions:
    """Decides one callback after the other; what one is given, the next ones do not have."""

    snapshot: ConfigSnapshot
    now: datetime
    open_ranks: Mapping[str, set[int]]
    booked: dict[Place, int]

    def decide(self, row: Any) -> tuple[int, ScheduledSlot] | str:
        """The rank and the slot that it gets again, or why it gets none."""
        if row.status != Status.CANCELLED:
            return f"it is {row.status}"
        if row.phone == REMOVED or row.erasure_id is not None:
            return "its customer's data was removed"
        if row.do_not_call is not None:
            return "its number is on the do-not-call list"
        if row.slot_start + HALF_HOUR <= self.now:
            return "its time has passed"
        ranks = self.open_ranks[row.phone]
        rank = free_rank(ranks, self.snapshot.settings.open_callbacks_per_number)
        if rank is None:
            return "its customer has another callback"
        slot = self._slot(row)
        if slot is None:
            return "there is no slot at its time any more"
        place = (row.pool_id, row.slot_start)
        if self.booked[place] >= slot.capacity:
            return "its slot is full"
        self.booked[place] += 1
        ranks.add(rank)
        return rank, slot

    def _slot(self, row: Any) -> ScheduledSlot | None:
        """Its slot by today's schedule, if its campaign may call it then."""
        skill, campaign = self.snapshot.skill_by_id.get(row.skill_id), self.snapshot.campaign_by_id.get(row.campaign_id)
        pool = self.snapshot.pool_by_id.get(row.pool_id)
        if skill is None or campaign is None or pool is None:
            return None
        target = Target(skill, campaign, pool)
        target = replace(target, called=called_party(self.snapshot, target, row.phone, row.time_zone))
        slot = target.slot_at(row.start_at)
        return slot if slot and slot.start == row.slot_start else None


def _open_ranks(tx: Connection, rows: Sequence[Any]) -> dict[str, set[int]]:
    """The ranks of the open callbacks of each number."""
    ranks: dict[str, set[int]] = defaultdict(set)
    phones = {row.phone for row in rows}
    if phones:
        statement = select(Callback.phone, Callback.open_rank)
        statement = statement.where(one_of(Callback.phone, sorted(phones)), Callback.open_rank.is_not(None))
        for row in tx.execute(statement):
            ranks[row.phone].add(row.open_rank)
    return ranks


def _booked(tx: Connection, rows: Sequence[Any]) -> dict[Place, int]:
    """How many places of each slot are taken."""
    booked: dict[Place, int] = defaultdict(int)
    starts = {row.slot_start for row in rows}
    if starts:
        statement = select(Slot.pool_id, Slot.start_at, Slot.booked).where(one_of(Slot.start_at, sorted(starts)))
        booked.update({(row.pool_id, row.start_at): row.booked for row in tx.execute(statement)})
    return booked
