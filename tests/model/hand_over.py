"""The worker hands over: claim, confirmation, body, answer, record (services/dialer_sync: batches, sending, ucce)."""

from collections.abc import Iterator

from tests.model.election import NAMES, Step, fence, orphan, stands_down
from tests.model.state import (
    CLAIMED,
    CLEARED,
    DUE,
    EXPIRED,
    FAILED,
    IDLE,
    IMPORTED,
    IMPORTING,
    NEVER,
    NOT_TAKEN,
    OVERDUE,
    PICKED,
    PICKED_LATE,
    SCHEDULED,
    SENT,
    TOMORROW,
    TOOK,
    State,
    Worker,
    listed,
    put,
    write,
)
from tests.model.switches import Model


def commits(s: State, written: State, i: int, w: Worker, m: Model, label: str, broken_off: Worker) -> Iterator[Step]:
    """A transaction of worker i: committed; or stale; or the database fails before or after the commit."""
    name = NAMES[i]
    if not fence(s, w, m):
        yield stands_down(s, i)
        return
    yield f"{name} {label}", written, False
    if m.world.database_away:
        yield f"{name} cannot reach the database: nothing written", put(s, i, broken_off), True
        yield f"{name} {label}, does not hear of the commit", put(written, i, broken_off), True


def picks(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """The SELECT of a claim or an expiry, when changes may come before its UPDATE; else the whole claim at once."""
    if s.db.callback != SCHEDULED or s.db.when == TOMORROW:
        return
    if not m.world.customer:
        yield from claims(s, i, w, m)
    elif s.db.when == DUE:
        yield f"{NAMES[i]} selects what is due", put(s, i, w._replace(at=PICKED)), False
    else:
        yield f"{NAMES[i]} selects what is overdue", put(s, i, w._replace(at=PICKED_LATE)), False


def claims(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    still = s.db.callback == SCHEDULED and (s.db.when != TOMORROW or not m.product.claim_repeats_its_conditions)
    if not still:
        yield f"{NAMES[i]} claims nothing: it was changed meanwhile", put(s, i, w._replace(at=IDLE)), False
        return
    if _behind(s, w, m):
        yield from doubts(s, i, w, m)
        return
    number = s.db.hand_overs + 1 if m.world.database_restored else 0
    claimer = w._replace(at=CLAIMED, number=number, doubtful=False)
    claimed = put(write(s, callback=IMPORTING, hand_overs=number), i, claimer)
    yield from commits(s, claimed, i, w, m, "claims", w._replace(at=IDLE))


def claims_others(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """A batch without this callback raises the counter, in ZooKeeper only when its body is sent."""
    if not m.world.database_restored:
        return
    if _behind(s, w, m):
        yield from doubts(s, i, w, m)
        return
    number = s.db.hand_overs + 1
    claimed = write(s, hand_overs=number)
    yield from commits(s, claimed, i, w, m, "claims others, is stopped", w)
    if fence(s, w, m) and _may_send(s, i, w, m) and number > s.handed_over:
        sent = put(claimed._replace(handed_over=number), i, w._replace(known=number))
        yield f"{NAMES[i]} hands others over", sent, False


def doubts(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """The database is behind ZooKeeper: its open callbacks are looked up in UCCE's list before anything is sent."""
    ours = s.db.callback == SCHEDULED and (s.db.when != TOMORROW or m.product.doubt_covers_callbacks_not_due)
    looked_up = write(s, callback=IMPORTING if ours else s.db.callback, hand_overs=w.known)
    resting = w._replace(at=IDLE, unseen=NEVER)
    yield from commits(s, put(looked_up, i, resting), i, w, m, "finds the database behind: will look up", resting)


def _behind(s: State, w: Worker, m: Model) -> bool:
    return m.product.hand_over_counter and m.product.counter_checked_in_the_claim and s.db.hand_overs < w.known


def expires(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    late = s.db.when == OVERDUE or not m.product.expiry_repeats_its_conditions
    if s.db.callback == SCHEDULED and late:
        expired = put(write(s, callback=EXPIRED), i, w._replace(at=IDLE))
        yield from commits(s, expired, i, w, m, "expires it", w._replace(at=IDLE))
    else:
        yield f"{NAMES[i]} expires nothing: it was changed meanwhile", put(s, i, w._replace(at=IDLE)), False


def asks_guard(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """Right before the body's first byte: lease, the lock on the server, and the counter beside it."""
    name, number, w = NAMES[i], w.number, w._replace(number=0)
    refused = put(s, i, w._replace(at=NOT_TAKEN))
    if not _may_send(s, i, w, m):
        yield f"{name}'s guard says no", refused, False
        return
    if m.world.database_restored and m.product.hand_over_counter:
        if number <= s.handed_over:
            yield f"{name} meets a newer hand-over", refused, False
            return
        s, w = s._replace(handed_over=number), w._replace(known=number)
    yield f"{name}'s guard says yes", put(s, i, w._replace(at=CLEARED, waited=0)), False


def _may_send(s: State, i: int, w: Worker, m: Model) -> bool:
    return w.believes and (s.holder == i or not m.product.confirm_before_body)


def sends(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    if w.waited > m.world.request_timeout:
        yield f"{NAMES[i]} meets a closed connection: unknown", unknown(s, i, w, m), False
        return
    sent = put(s._replace(requests=tuple(sorted((*s.requests, (0, i))))), i, w._replace(at=SENT, waited=0))
    yield f"{NAMES[i]} sends", sent, False


def unknown(s: State, i: int, w: Worker, m: Model) -> State:
    """The outcome is unknown: nothing is sent again before the list was read for a whole grace."""
    if not m.product.settle_before_resend:
        return orphan(put(s, i, w._replace(at=NOT_TAKEN)), i)
    return orphan(put(s, i, w._replace(at=IDLE, unseen=NEVER, waited=0)), i)


def records(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    resting = w._replace(at=IDLE)
    yield from commits(s, put(imported(s, m), i, resting), i, w, m, "records imported", resting)


def imported(s: State, m: Model, *, seen: bool = False) -> State:
    if s.db.callback != IMPORTING:
        return s
    return write(s, callback=IMPORTED, listed=seen, age=0) if m.world.results else write(s, callback=IMPORTED)


def fails(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    failed = write(s, callback=FAILED) if s.db.callback == IMPORTING else s
    resting = w._replace(at=IDLE)
    yield from commits(s, put(failed, i, resting), i, w, m, "fails the refused contact", resting)


def releases(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """`importing` → `scheduled` with the same key; the term's memory of the key is cleared."""
    p = m.product
    forgotten = w._replace(at=IDLE, doubtful=False, unseen=NEVER if p.forget_first_seen_on_release else w.unseen)
    broken_off = forgotten if p.forget_before_the_release_commits else w._replace(at=IDLE)
    released = write(s, callback=SCHEDULED) if s.db.callback == IMPORTING else s
    yield from commits(s, put(released, i, forgotten), i, w, m, "releases it", broken_off)


def halves(s: State, i: int, w: Worker, m: Model) -> Iterator[Step]:
    """The batch was refused, maybe for another row: its halves are sent once its rows are known to be absent."""
    name = NAMES[i]
    if not m.product.read_back_before_halving:
        yield f"{name} halves the batch", put(s, i, w._replace(at=CLAIMED)), False
    elif m.product.read_back_waits_for_the_list:
        doubting = put(s, i, w._replace(at=IDLE, unseen=NEVER, doubtful=True))
        yield f"{name} leaves the rows to be settled", doubting, False
    elif listed(s):
        yield f"{name} reads the batch back: taken", put(s, i, w._replace(at=TOOK)), False
    else:
        yield f"{name} reads the batch back: not listed; halves it", put(s, i, w._replace(at=CLAIMED)), False
