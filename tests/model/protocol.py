"""The possible steps of a state, the properties that must hold, and the good ends."""

from collections.abc import Callable, Iterator

from tests.model import hand_over, settle, surroundings, ucce
from tests.model.election import Step, begin_term, elections, ends_term, machines
from tests.model.state import (
    ANSWERED,
    CANCELLED,
    CLAIMED,
    CLEARED,
    COMPLETED,
    ELECTED,
    EXPIRED,
    FAILED,
    FOUND,
    GONE,
    HALVING,
    IDLE,
    IMPORTED,
    IMPORTING,
    LOST,
    MISSING,
    NOT_TAKEN,
    NOTHING,
    PICKED,
    PICKED_LATE,
    REFUSED,
    REMOVED,
    SENT,
    TOMORROW,
    TOOK,
    TWICE,
    UNLISTED,
    State,
    Worker,
)
from tests.model.switches import Model

Action = Callable[[State, int, Worker, Model], Iterator[Step]]


def _between_steps(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    if not w.believes:
        yield ends_term(s, i)  # or goes on with its cycle: only a call to UCCE asks the guard
    yield from hand_over.picks(s, i, w, m)
    yield from hand_over.claims_others(s, i, w, m)
    yield from settle.reads(s, i, w, m)


WORKER: dict[str, Action] = {
    ELECTED: begin_term,
    IDLE: _between_steps,
    PICKED: hand_over.claims,
    PICKED_LATE: hand_over.expires,
    CLAIMED: hand_over.asks_guard,
    CLEARED: hand_over.sends,
    TOOK: hand_over.records,
    REFUSED: hand_over.fails,
    HALVING: hand_over.halves,
    NOT_TAKEN: hand_over.releases,
    MISSING: hand_over.releases,
    FOUND: settle.confirms,
    ANSWERED: settle.ends,
    GONE: settle.ends,
    REMOVED: settle.ends,
    UNLISTED: settle.ends,
}


def successors(s: State, m: Model) -> Iterator[Step]:
    yield from surroundings.time(s, m)
    yield from elections(s, m)
    yield from machines(s, m)
    for i, w in enumerate(s.workers):
        if not w.suspended and w.at in WORKER:
            yield from WORKER[w.at](s, i, w, m)
    yield from ucce.requests(s, m)
    yield from ucce.contacts(s, m)
    yield from surroundings.customer(s, m)
    yield from surroundings.database(s, m)


def broken(s: State, m: Model) -> str | None:
    """The property that this state breaks, or None."""
    callback = s.db.callback
    if s.contact == TWICE:
        return "ONCE"
    if s.contact == NOTHING and _says_it_was_there(s, m):
        return "THERE"
    sending = any(w.at == SENT for w in s.workers)
    if m.world.customer and s.db.when == TOMORROW and (callback == EXPIRED or (callback == IMPORTING and sending)):
        return "DUE"
    return None


def _says_it_was_there(s: State, m: Model) -> bool:
    """Whether the database says that UCCE has or had the contact, where neither a false 200 nor a purge explains it."""
    if s.db.callback == LOST:
        return not s.purge_hour
    return s.db.callback == COMPLETED or (s.db.callback == IMPORTED and not m.world.false_success)


def good_end(s: State) -> bool:
    """Handed over, or ended in a way that is reported to somebody."""
    if s.db.callback == IMPORTED:
        return s.contact != NOTHING
    return s.db.callback in (COMPLETED, FAILED, LOST, CANCELLED, EXPIRED)
