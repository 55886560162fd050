"""Lost transactions: a database put back to an earlier moment is noticed, and UCCE is read before anything is sent.

ZooKeeper keeps the count of hand-overs before each import's first byte. A database that has counted fewer has lost
claims that were committed: a backup was restored, or a failover was forced to a replica that lagged. It may believe
that a callback is scheduled which UCCE has long dialled. Then no other step runs, the hand-over brake is set, and every
contact that an open callback may have is looked up in UCCE's own lists, again and again through a whole grace period
(grace.py): what was on its way to UCCE is listed by then. Only then the database's count is brought to ZooKeeper's. The
brake stays until a person releases it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import select, update

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.handover.forgotten_attempts import Listed, OpenCallback, forgotten, open_callbacks, take_up
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.contact_list import find
from services.dialer_sync.ucce.errors import Unknown
from shared.callbacks.brakes import hand_over_stopped_by, stop_hand_over
from shared.db.audit import Author, write_audit
from shared.db.models import Campaign, Mastership
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

RUNBOOK = "deploy/README.md, The database lost its last transactions"
STAYS = f"the database had lost its last transactions and UCCE was read: release the hand-over brake ({RUNBOOK})"
_EVERYTHING = "every open callback"  # stands for all of them among the grace periods


@dataclass(frozen=True, slots=True)
class _Counted:
    """The database's count, and who switched handing over off (None while it is on)."""

    hand_overs: int
    stopped_by: str | None

    @property
    def stopped_by_a_worker(self) -> bool:
        return (self.stopped_by or "").startswith("worker:")


def run(context: CycleContext) -> str | None:
    """Nothing, while the database knows every hand-over. Raises UcceError, NotMaster, Unavailable."""
    counted = _read(context.database)
    lost = context.hand_overs.value - counted.hand_overs
    metrics.LOST_HAND_OVERS.set(max(0, lost))
    if lost <= 0:
        _go_on(context, counted)
        return None
    why = f"the database lost its last transactions ({lost} hand-overs of {context.hand_overs.value})"
    if not context.behind:
        if not counted.stopped_by_a_worker:
            _stop(context, why)
        context.behind, context.found_again = True, 0
        context.problem = f"{why}: nothing is sent while UCCE's lists are read"
        _log.error("database_lost_transactions", lost=lost, known=context.hand_overs.value, cure=RUNBOOK)
    return _read_back(context, why)


@retried
def _read(database: Database) -> _Counted:
    statement = select(Mastership.hand_overs, hand_over_stopped_by().scalar_subquery())
    with database.reading() as connection:
        return _Counted(*connection.execute(statement).one())


@retried
def _stop(context: CycleContext, reason: str) -> None:
    now = context.now()
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        stop_hand_over(tx, reason, by=Author(context.actor.who), now=now)
        tx.commit()


def _read_back(context: CycleContext, why: str) -> str:
    """Look every possible contact up in every campaign of ours, and record what is found."""
    callbacks = open_callbacks(context.database)
    possible = {key: one for one in callbacks for key in one.possible_keys()}
    listed: dict[OpenCallback, dict[str, Listed]] = {}
    for ucce_id in _campaigns(context) if possible else ():
        lookup = find(context.client, ucce_id, possible)
        if len(lookup.found) + len(lookup.absent) < len(possible):
            raise Unknown("UCCE's list of contacts changed while it was read", 200)
        for key, contact in lookup.found.items():
            listed.setdefault(possible[key], {})[key] = Listed(ucce_id, contact)
    found = forgotten(listed)
    take_up(context, found, why)
    context.found_again += len(found)
    context.grace.looked([_EVERYTHING])
    message = f"{why}: {context.found_again} of {len(callbacks)} open callbacks were found in UCCE"
    if not context.grace.is_over(_EVERYTHING, context.settings.settle_grace):
        return f"{message} so far; nothing is sent while its lists are read"
    _catch_up(context, len(callbacks))
    context.grace.forget([_EVERYTHING])
    _go_on(context, _read(context.database))
    metrics.LOST_HAND_OVERS.set(0)
    _log.warning("lost_transactions_read_back", open_callbacks=len(callbacks), found=context.found_again)
    return f"{message}; {context.problem or 'handing over was switched on again'}"


def _go_on(context: CycleContext, counted: _Counted) -> None:
    context.behind = False
    context.problem = STAYS if counted.stopped_by_a_worker else None


def _campaigns(context: CycleContext) -> Iterator[int]:
    """Those of UCCE's campaigns that are ours, by id or, should the database have lost that, by name."""
    with context.database.reading() as connection:
        ours = connection.execute(select(Campaign.ucce_id, Campaign.name)).all()
    ids, names = {row.ucce_id for row in ours}, {row.name.casefold() for row in ours}
    for ucce_id, name in campaigns.list_all(context.client).items():
        if ucce_id in ids or name.casefold() in names:
            yield ucce_id


@retried
def _catch_up(context: CycleContext, looked_up: int) -> None:
    now, count = context.now(), context.hand_overs.value
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        tx.execute(update(Mastership).where(Mastership.id == 1, Mastership.hand_overs < count).values(hand_overs=count))
        details = {"open_callbacks": looked_up, "found_in_ucce": context.found_again, "hand_overs": count}
        write_audit(tx, Author(context.actor.who), "read_back", "brakes", "hand_over", now=now, after=details)
        tx.commit()
