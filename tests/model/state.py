"""The state of the protocol for one callback: the database, ZooKeeper, UCCE, and the two workers.

A tick is some ten seconds; only the relations between the times count. Every value is a small number, a name or a
tuple of them, so that equal states are equal tuples. Nothing grows without bound: epochs and batch numbers are renamed
by their rank (explorer.py), so the exploration ends by itself, whatever the number of faults, terms and hand-overs.
"""

from typing import Any, NamedTuple

# What the database says of the callback.
SCHEDULED, IMPORTING, IMPORTED = "scheduled", "importing", "imported"
COMPLETED, FAILED, LOST = "completed", "failed", "result lost"
CANCELLED, EXPIRED = "cancelled", "expired"

# When it is due, as the customer last had it acknowledged.
TOMORROW, DUE, OVERDUE = "tomorrow", "due", "overdue"

# What UCCE has of it: nothing; a contact so many ticks old that its list does not show yet; one that it lists; one
# that is called and listed with its result; one that a purge removed; a second one, which must never be.
NOTHING, LISTED, CALLED, PURGED, TWICE = -1, 100, 101, 102, 103

# Where a worker's thread stands.
OUT = "out"  # not master
ELECTED = "elected"  # has the lock, its term is not in the database yet
IDLE = "between steps"
PICKED = "picked"  # has selected what is due (or, PICKED_LATE, overdue) and is about to write
PICKED_LATE = "picked as overdue"
CLAIMED = "claimed"  # the request's connection stands, the body's first byte is due
CLEARED = "cleared to send"  # the guard has agreed
SENT = "sent"  # waits for the answer
TOOK = "told that UCCE took it"
REFUSED = "told that UCCE refuses the contact"
HALVING = "told that UCCE refuses the batch"
NOT_TAKEN = "sure that nothing was taken"
FOUND = "found it in the list"
MISSING = "missed it in the list"
UNLISTED = "missed an imported one in the list"
REMOVED = "missed one that may have been purged"
GONE = "missed a listed one in the list"
ANSWERED = "read its result"

NEVER = -1  # a clock that does not run
NOBODY = -1


class Database(NamedTuple):
    """`hand_overs` is the number of the last claim, `listed` attempt.listed_at, `age` ticks since imported_at."""

    callback: str = SCHEDULED
    when: str = DUE
    epoch: int = 0
    hand_overs: int = 0
    listed: bool = False
    age: int = NEVER


class Worker(NamedTuple):
    """`believes` is the lease; `unseen` the grace, in ticks since the first reading that lacked the contact; `waited`
    those since the guard agreed. `doubtful`: UCCE refused the batch: nothing is queued, only its list may be late.

    `number` is that of its claim, `known` the last hand-over that it read from ZooKeeper or made itself.
    """

    at: str = OUT
    epoch: int = 0
    believes: bool = False
    suspended: bool = False
    unseen: int = NEVER
    doubtful: bool = False
    waited: int = 0
    number: int = 0
    known: int = 0


class State(NamedTuple):
    """`requests` are the imports on their way, each (age in ticks, the worker that waits for its answer).

    `handed_over` is the number of the last hand-over in ZooKeeper, `backup` the state a restored database will have,
    `read` whether the database has profited from a reading of the list that showed the contact.
    """

    db: Database
    backup: Database | None
    holder: int
    handed_over: int
    contact: int
    requests: tuple[tuple[int, int], ...]
    silent: bool
    purge_hour: bool
    restored: bool
    read: bool
    workers: tuple[Worker, Worker]


INITIAL = State(Database(), None, NOBODY, 0, NOTHING, (), False, False, False, False, (Worker(), Worker()))


def put(s: State, i: int, w: Worker) -> State:
    # Most states come from here: this is five times as quick as _replace.
    return State(*s[:-1], (w, s.workers[1]) if i == 0 else (s.workers[0], w))


def write(s: State, **values: Any) -> State:
    return s._replace(db=s.db._replace(**values))


def listed(s: State) -> bool:
    return s.contact in (LISTED, CALLED)
