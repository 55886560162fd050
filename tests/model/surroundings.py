"""The customer, a loss of the database, and the passing of time."""

from collections.abc import Iterator

from tests.model.election import Step, orphan
from tests.model.state import (
    CANCELLED,
    CLEARED,
    DUE,
    IDLE,
    IMPORTED,
    LISTED,
    NEVER,
    OVERDUE,
    SCHEDULED,
    TOMORROW,
    Database,
    State,
    Worker,
    put,
    write,
)
from tests.model.switches import Model


def customer(s: State, m: Model) -> Iterator[Step]:
    if not m.world.customer or s.db.callback != SCHEDULED:
        return
    yield "the customer cancels", write(s, callback=CANCELLED), False
    if s.db.when != TOMORROW:
        yield "the customer moves it to tomorrow", write(s, when=TOMORROW), False
    if s.db.when == TOMORROW:
        yield "tomorrow comes", write(s, when=DUE), False
    elif s.db.when == DUE:
        yield "its window ends", write(s, when=OVERDUE), False


def database(s: State, m: Model) -> Iterator[Step]:
    """A restored database, or a replica after a forced failover, has a complete earlier state."""
    if not m.world.database_restored:
        return
    if s.backup is None and not s.restored and s.db.callback == SCHEDULED:
        yield "a backup is taken", s._replace(backup=s.db), False
        if m.world.moved_since_the_backup:
            later = s.db._replace(when=TOMORROW)
            yield "a backup is taken, then the customer has it called today", s._replace(backup=later), False
    elif s.backup is not None and s.db != s.backup:
        yield "the database is put back", _put_back(s, s.backup, m), True
    if s.db.when == TOMORROW and s.db.callback == SCHEDULED:
        yield "tomorrow comes", write(s, when=DUE), False


def _put_back(s: State, backup: Database, m: Model) -> State:
    """All connections are cut: the cycle of a former master breaks off, and its term ends."""
    for i, _ in enumerate(s.workers):
        if s.holder != i and not m.world.deposed_goes_on:
            s = orphan(put(s, i, Worker()), i)
    return s._replace(db=backup, backup=None, restored=True)


def time(s: State, m: Model) -> Iterator[Step]:
    """A tick, unless something must happen first: a request leaves UCCE's queue, or its list shows a contact."""
    overdue = any(age >= m.world.queue + m.world.longer for age, _ in s.requests)
    if not s.silent and (overdue or m.world.lag <= s.contact < LISTED):
        return
    requests = s.requests if s.silent else tuple((age + 1, owner) for age, owner in s.requests)
    contact = s.contact + 1 if 0 <= s.contact < m.world.lag and not s.silent else s.contact
    workers = (_aged(s, s.workers[0], m), _aged(s, s.workers[1], m))
    db = s.db
    if db.callback == IMPORTED and NEVER < db.age < m.grace:
        db = db._replace(age=db.age + 1)
    later = s._replace(db=db, requests=requests, contact=contact, workers=workers)
    if later != s:
        yield "time passes", later, False


def _aged(s: State, w: Worker, m: Model) -> Worker:
    """The grace runs by a clock that stops during a suspension; UCCE's timeout of a request does not."""
    if w.at == CLEARED:
        return w._replace(waited=min(w.waited + 1, m.world.request_timeout + 1))
    if w.unseen == NEVER or w.suspended:
        return w
    if s.silent and w.at == IDLE and w.believes and m.product.grace_restarts_when_ucce_is_silent:
        return w._replace(unseen=NEVER)  # a call of a cycle fails, whichever it is
    return w._replace(unseen=min(w.unseen + 1, m.grace))
