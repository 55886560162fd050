"""Faults of UCCE: every answer it may give to an import and to a reading of its list, and changes of its contacts."""

import random

from sqlalchemy import text

from tests.chaos.faults.deck import Steps, fault
from tests.chaos.invariants import DIALLED_AGAIN_BY, PURGES, REFUSES
from tests.chaos.system_under_test import DIAL, LIST_LAG, PICKUP, SystemUnderTest

# What the worker has seen in UCCE's list and has no result of. UCCE keeps a contact for a day at least, and a day has
# many readings of the list: what was purged was read before, though not its result.
_LISTED = "SELECT contact_key FROM attempt WHERE listed_at IS NOT NULL AND finished_at IS NULL"
LONG_CALL = 5.0  # seconds: the worker reads that it is under way
IMPORT = {"method": "POST", "kind": "import"}
LIST = {"method": "GET", "kind": "import"}


@fault("ucce", "UCCE answers 503", times=3, status=503)
@fault("ucce", "UCCE answers 401", times=2, status=401)
@fault("ucce", "UCCE answers 500, took nothing", times=2, status=500)
@fault("ucce", "UCCE answers 500, took the batch", times=2, status=500, take=True)
@fault("ucce", "UCCE resets before taking", times=2, reset="before")
@fault("ucce", "UCCE resets after taking", times=2, reset="after")
@fault("ucce", "UCCE's answer is cut short", times=2, status=400, take=True, cutShort=True, message="x" * 500)
@fault("ucce", "UCCE's answer is no XML", times=2, body="<oops")
@fault("ucce", "UCCE answers 202, took the batch", times=2, status=202, take=True)
@fault("ucce", "UCCE answers 202, took nothing", times=2, status=202)
@fault("ucce", "a proxy answers 503, UCCE took the batch", times=2, status=503, take=True, bare=True)
@fault("ucce", "a proxy answers 404, UCCE took the batch", times=2, status=404, take=True, bare=True)
@fault("ucce", "UCCE takes the batch after we gave up waiting", times=1, delayBefore=6.0)
@fault("ucce", "UCCE takes the batch, answers after we gave up", times=2, delayAfter=4.0)
def import_answers(system: SystemUnderTest, rng: random.Random, **planned: object) -> Steps:
    system.ucce.next_answer(**IMPORT, **planned)
    yield 8.0
    system.ucce.clear_next_answers()


@fault("ucce", "UCCE's contact list is cut short", times=3, cutShort=True)
@fault("ucce", "UCCE's contact list is no XML", times=3, body="<oops")
@fault("ucce", "UCCE's contact list answers 500", times=3, status=500)
@fault("ucce", "a proxy answers the contact list with 404", times=12, status=404, bare=True)
def list_answers(system: SystemUnderTest, rng: random.Random, **planned: object) -> Steps:
    """A bad answer to a reading of the list, together with an import whose answer is lost, which the list
    must settle.
    """
    system.ucce.next_answer(**IMPORT, reset=rng.choice(("before", "after")))
    system.ucce.next_answer(**LIST, **planned)
    yield 6.0
    system.ucce.clear_next_answers()


@fault("ucce", REFUSES)
def refuses(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.ucce.next_answer(**IMPORT, times=0, refusePhones=[str(rng.randint(0, 9))], message="Bad number")
    yield 4.0
    system.ucce.clear_next_answers()


@fault("ucce", "UCCE's import queue is full")
def queue_full(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.ucce.queue(0)
    yield 4.0
    system.ucce.queue(30)


@fault("ucce", "UCCE is slow")
def slow(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.ucce.delay(1.2)
    yield 6.0
    system.ucce.delay(0)


@fault("ucce", "UCCE takes the good rows of a refused batch")
def partial(system: SystemUnderTest, rng: random.Random) -> Steps:
    system.ucce.behaviour(partialAcceptance=rng.choice(("400", "200")))
    yield from refuses(system, rng)
    system.ucce.behaviour(partialAcceptance="no")


@fault("ucce", "UCCE's contact list lags", reset="")
@fault("ucce", "UCCE's contact list lags, and its answers are lost", reset="after")
def lags(system: SystemUnderTest, rng: random.Random, reset: str) -> Steps:
    """The list lags by a little less than CM_UCCE_LIST_LAG."""
    system.ucce.behaviour(listLagSeconds=LIST_LAG - 0.3)
    if reset:
        system.ucce.next_answer(**IMPORT, times=3, reset=reset)
    yield 9.0
    system.ucce.clear_next_answers()
    system.ucce.behaviour(listLagSeconds=0.0)


@fault("ucce", PURGES)
def purges(system: SystemUnderTest, rng: random.Random) -> Steps:
    """Purge contacts before their results were read: the worker cannot read the list meanwhile.

    Not while the database may be put back: what it then forgets cannot be found in a UCCE that has purged it
    (deploy/README.md, "The database lost its last transactions").
    """
    for _ in range(60):  # half seconds
        if not system.may_forget:
            break
        yield 0.5
    system.ucce.dialer(dialSeconds=LONG_CALL)
    yield LONG_CALL
    system.ucce.next_answer(**LIST, times=0, status=503)
    system.ucce.dialer(dialSeconds=DIAL)
    yield LONG_CALL + 0.5
    with system.database.reading() as connection:
        keys = connection.execute(text(_LISTED)).scalars().all()
    if keys and not system.may_forget:
        removed = system.ucce.purge(*keys)
        system.note(fault=PURGES, phase="purged", keys=list(keys), removed=removed)
    system.ucce.clear_next_answers()
    yield 2.0


@fault("ucce", DIALLED_AGAIN_BY[0])
def dialer_dies(system: SystemUnderTest, rng: random.Random) -> Steps:
    """Active contacts become unknown, and are dialled again after an hour of the simulated clock."""
    system.ucce.dialer(lose=True)
    yield 4.0
    system.ucce.dialer(advance=3601)
    yield PICKUP
