"""ZooKeeper and the lease: who is master, who believes to be, and whose term the database knows.

"The session ends" stands for every way to lose the lock: the session's timeout, and the election thread that releases
it when the connection fails, also while the worker's thread is in a call. That the lease is shorter than the session
(timing.py) is one rule of the model: on a machine that runs the lease has ended when the lock is lost.
"""

from collections.abc import Iterator

from tests.model.state import ELECTED, IDLE, NEVER, NOBODY, OUT, State, Worker, put, write
from tests.model.switches import Model

Step = tuple[str, State, bool]  # what happens, the state after it, whether it is a fault

NAMES = ("A", "B")


def elections(s: State, m: Model) -> Iterator[Step]:
    for i, w in enumerate(s.workers):
        if s.holder == NOBODY and w.at == OUT and not w.suspended:
            yield _wins(s, i)
        if s.holder == i and (m.world.session_ends or w.at == OUT or w.suspended):
            yield _session_ends(s, i, w, m)
        if w.believes and s.holder != i and not w.suspended:
            yield f"{NAMES[i]} hears that its lock is gone", put(s, i, w._replace(believes=False)), False


def _wins(s: State, i: int) -> Step:
    epoch = 1 + max(s.db.epoch, *(w.epoch for w in s.workers))
    w = Worker(ELECTED, epoch, believes=True)
    return f"{NAMES[i]} wins the lock", put(s._replace(holder=i), i, w), False


def _session_ends(s: State, i: int, w: Worker, m: Model) -> Step:
    lease_over = m.product.lease and (m.product.lease_counts_suspension or not w.suspended)
    ended = put(s._replace(holder=NOBODY), i, w._replace(believes=w.believes and not lease_over))
    return f"{NAMES[i]}'s session ends", ended, w.at != OUT


def machines(s: State, m: Model) -> Iterator[Step]:
    """Crashes and suspensions of machines."""
    for i, w in enumerate(s.workers):
        name = NAMES[i]
        if w.suspended:
            yield f"{name}'s machine goes on", put(s, i, w._replace(suspended=False)), False
        elif w.at != OUT:
            if m.world.suspend:
                yield f"{name}'s machine is suspended ({w.at})", put(s, i, w._replace(suspended=True)), True
            if m.world.crash:
                yield f"{name} crashes ({w.at})", orphan(put(s, i, Worker()), i), True


def orphan(s: State, i: int) -> State:
    """Nobody waits any more for the answer to worker i's request."""
    return s._replace(requests=tuple(sorted((age, NOBODY if owner == i else owner) for age, owner in s.requests)))


def begin_term(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """fencing: the epoch in the database only ever grows."""
    if w.epoch > s.db.epoch or not m.product.epoch_fence:
        begun = put(write(s, epoch=w.epoch), i, w._replace(at=IDLE, unseen=NEVER, known=s.handed_over))
        yield f"{NAMES[i]} begins its term in the database", begun, False
    else:
        yield stands_down(s, i)


def stands_down(s: State, i: int) -> Step:
    """StaleEpoch: nothing is written, the lock is given back."""
    left = put(s._replace(holder=NOBODY if s.holder == i else s.holder), i, Worker())
    return f"{NAMES[i]} meets a newer epoch and stands down", left, False


def ends_term(s: State, i: int) -> Step:
    return f"{NAMES[i]} ends its term", put(s, i, Worker()), False


def fence(s: State, w: Worker, m: Model) -> bool:
    return w.epoch == s.db.epoch or not m.product.epoch_fence
