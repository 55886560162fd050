"""UCCE and the network: requests and their answers, the list's lag, calls, purges."""

from collections.abc import Iterator

from tests.model.election import NAMES, Step
from tests.model.hand_over import unknown
from tests.model.state import (
    CALLED,
    HALVING,
    LISTED,
    NOBODY,
    NOT_TAKEN,
    NOTHING,
    PURGED,
    REFUSED,
    TOOK,
    TWICE,
    State,
    listed,
    put,
)
from tests.model.switches import Model


def requests(s: State, m: Model) -> Iterator[Step]:
    for index, (_, owner) in enumerate(s.requests):
        rest = s._replace(requests=s.requests[:index] + s.requests[index + 1 :])
        if not s.silent:
            yield from _done(rest, owner, m)
        if owner != NOBODY:
            yield from _given_up(s, rest, owner, m)
        elif m.world.answers_lost or m.world.accepted:
            yield "UCCE drops the request", rest, True


def _taken(s: State, m: Model) -> State:
    return s._replace(contact=(0 if m.world.lag else LISTED) if s.contact == NOTHING else TWICE)


def _done(rest: State, owner: int, m: Model) -> Iterator[Step]:
    """UCCE carries out the request and answers if the worker still waits."""
    taken = _taken(rest, m)
    if owner == NOBODY:
        yield "UCCE takes the request that nobody waits for", taken, False
        return
    name, w, world = NAMES[owner], rest.workers[owner], m.world
    if w.suspended:  # the answer may wait in the kernel; losing it is the worse case
        yield f"UCCE takes {name}'s request", unknown(taken, owner, w, m), False
        return
    yield f"UCCE takes {name}'s request, answers 200", put(taken, owner, w._replace(at=TOOK)), False
    if world.answers_lost:
        yield f"UCCE takes {name}'s request, the answer is lost", unknown(taken, owner, w, m), True
        yield f"{name}'s request is lost", unknown(rest, owner, w, m), True
    if world.nothing_taken:
        yield f"UCCE answers {name} 503 with its own body", put(rest, owner, w._replace(at=NOT_TAKEN)), True
    if world.refusals:
        yield f"UCCE answers {name} 400 for the contact", put(rest, owner, w._replace(at=REFUSED)), True
    if world.partial:
        yield f"UCCE answers {name} 400, takes this row", put(taken, owner, w._replace(at=HALVING)), True
        yield f"UCCE answers {name} 400, takes no row", put(rest, owner, w._replace(at=HALVING)), True
    if world.false_success:
        yield f"UCCE answers {name} 200, takes nothing", put(rest, owner, w._replace(at=TOOK)), True


def _given_up(s: State, rest: State, owner: int, m: Model) -> Iterator[Step]:
    """The worker gives up waiting while the request is still on its way."""
    name, w = NAMES[owner], s.workers[owner]
    if w.suspended:
        return
    if m.world.answers_lost or m.world.silences:
        yield f"{name} gets no answer: unknown", unknown(s, owner, w, m), True
    if m.world.bare_status:
        believed = not m.product.proof_needs_cisco_body
        told = put(s, owner, w._replace(at=NOT_TAKEN)) if believed else unknown(s, owner, w, m)
        orphaned = told._replace(requests=tuple(sorted((age, NOBODY if o == owner else o) for age, o in told.requests)))
        yield f"a proxy answers {name} 503, the request goes on", orphaned, True
    if m.world.accepted:
        told = unknown(s, owner, w, m) if m.product.success_is_200_or_201 else put(s, owner, w._replace(at=TOOK))
        orphaned = told._replace(requests=tuple(sorted((age, NOBODY if o == owner else o) for age, o in told.requests)))
        yield f"UCCE answers {name} 202", orphaned, True


def contacts(s: State, m: Model) -> Iterator[Step]:
    if 0 <= s.contact < LISTED:
        yield "UCCE's list shows the contact", s._replace(contact=LISTED), False
    if m.world.results and s.contact == LISTED:
        yield "the dialer calls the contact", s._replace(contact=CALLED), False
    if m.world.purge:
        if not s.purge_hour and s.contact != NOTHING:
            yield "the hour of the purge comes", s._replace(purge_hour=True), False
        if s.purge_hour and listed(s):
            yield "UCCE purges the contact", s._replace(contact=PURGED), False
    if listed(s) and ((m.world.deleted and s.read) or m.world.deleted_unseen):
        yield "somebody deletes the contact in UCCE", s._replace(contact=PURGED), False
    if m.world.silences:
        if s.silent:
            yield "UCCE answers again", s._replace(silent=False), False
        elif s.requests:
            yield "UCCE falls silent", s._replace(silent=True), True
