"""The worker reads UCCE's list, to settle what is unknown and for results (services/dialer_sync/steps).

Reading and writing are two steps: between them the machine may stop, the lock be lost, another master come.
"""

from collections.abc import Iterator

from tests.model.election import NAMES, Step
from tests.model.hand_over import commits, imported
from tests.model.state import (
    ANSWERED,
    CALLED,
    COMPLETED,
    FOUND,
    GONE,
    IDLE,
    IMPORTED,
    IMPORTING,
    LOST,
    MISSING,
    NEVER,
    REMOVED,
    SCHEDULED,
    UNLISTED,
    State,
    Worker,
    listed,
    put,
    write,
)
from tests.model.switches import Model


def reads(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """One reading of the list, when there is something to settle or a result to wait for."""
    if not w.believes:
        return
    if s.db.callback == IMPORTING:
        yield from _settles(s, i, w, m)
        return
    if w.unseen != NEVER:
        yield f"{NAMES[i]} has nothing to settle", put(s, i, w._replace(unseen=NEVER)), False
    if s.db.callback == IMPORTED and m.world.results and not s.silent:
        yield from _looks_for_result(s, i, w, m)


def _settles(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    name = NAMES[i]
    if s.silent:  # the call fails before time passes: surroundings.py
        return
    if w.unseen == NEVER and not m.product.settle_what_others_left:
        return
    if m.world.list_fails:
        yield f"{name} cannot read the list", put(s, i, _in_the_dark(w, m)), True
    if not listed(s):
        missed = _missed(w, m)
        if missed.at == MISSING and s.purge_hour and m.product.settle_ends_with_the_purge:
            missed = missed._replace(at=REMOVED)
        yield f"{name} reads the list: not there", put(s, i, missed), False
        return
    yield f"{name} reads the list: there", put(s, i, w._replace(at=FOUND)), False
    if m.world.bare_status:
        blind = _in_the_dark(w, m) if m.product.proof_needs_cisco_body else _missed(w, m)
        yield f"{name} reads the list: a bare 404", put(s, i, blind), True
    if m.world.list_moves:
        blind = w if m.product.absence_needs_complete_reading else _missed(w, m)
        yield f"{name} reads the list while it moves: not there", put(s, i, blind), True


def _missed(w: Worker, m: Model) -> Worker:
    unseen = max(w.unseen, 0)
    return w._replace(unseen=unseen, at=MISSING if unseen >= (m.doubt if w.doubtful else m.grace) else IDLE)


def _in_the_dark(w: Worker, m: Model) -> Worker:
    """No answer: requests that wait in a silent UCCE are carried out after the silence, so the grace starts anew."""
    return w._replace(unseen=NEVER) if m.product.grace_restarts_when_ucce_is_silent else w


def confirms(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    resting = w._replace(at=IDLE)
    found = put(_read(imported(s, m, seen=m.product.settle_notes_listed), m), i, resting)
    yield from commits(s, found, i, w, m, "records what it found", resting)


def _looks_for_result(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    name, old = NAMES[i], s.db.age >= m.grace or not m.product.never_listed_waits_for_the_grace
    if s.contact == CALLED:
        yield f"{name} reads the result", put(s, i, w._replace(at=ANSWERED)), False
    elif listed(s):
        if not s.db.listed:
            noted = _read(write(s, listed=True), m)
            yield from commits(s, noted, i, w, m, "notes that it is listed", w)
    elif s.db.listed:
        yield f"{name} reads the list: no longer there", put(s, i, w._replace(at=GONE)), False
    elif s.purge_hour and m.product.never_listed_ends_with_the_purge:
        yield f"{name} reads the list: perhaps purged", put(s, i, w._replace(at=GONE)), False
    elif old and m.product.never_listed_is_released:
        yield f"{name} reads the list: never listed", put(s, i, w._replace(at=UNLISTED)), False
    elif old:
        yield f"{name} reads the list: not there", put(s, i, w._replace(at=GONE)), False


def _read(s: State, m: Model) -> State:
    return s._replace(read=True) if m.world.deleted else s


def ends(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """The write after a reading, when the callback still has the state that was read."""
    after = {ANSWERED: COMPLETED, GONE: LOST, REMOVED: LOST, UNLISTED: SCHEDULED}[w.at]
    before = IMPORTING if w.at == REMOVED else IMPORTED
    ended = write(s, callback=after, listed=False, age=NEVER) if s.db.callback == before else s
    resting = w._replace(at=IDLE)
    yield from commits(s, put(ended, i, resting), i, w, m, f"writes: {after}", resting)
