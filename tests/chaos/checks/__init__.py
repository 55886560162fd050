"""The product's promises, one check each. A check reads what was seen from outside (UCCE's journals, the database's
rows, the histories of the clients) and yields its breaches: (account number or None, what is wrong).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.checks import bookings, calls, edits, hand_over, masterships, places, retention
from tests.chaos.evidence import Evidence

Check = Callable[[Evidence], Iterator[tuple[str | None, str]]]

CHECKS: dict[str, Check] = {
    "bookings kept": bookings.kept,
    "moves kept": bookings.moved,
    "cancels kept": bookings.cancelled,
    "what is read": bookings.read,
    "repeats": bookings.repeats,
    "refusals": bookings.refused,
    "places": places.counted,
    "open callbacks": places.open_at_once,
    "once": hand_over.once,
    "content": hand_over.content,
    "not early": hand_over.early,
    "all handed over": hand_over.ends,
    "legal paths": hand_over.paths,
    "results": calls.results,
    "retries": calls.retries,
    "calls": calls.made,
    "edits obeyed": edits.obeyed,
    "retention": retention.kept,
    "epochs": masterships.epochs,
}


@dataclass(frozen=True)
class Breach:
    check: str
    account: str | None
    text: str


def judge(evidence: Evidence) -> list[Breach]:
    return [Breach(name, account, text) for name, check in CHECKS.items() for account, text in check(evidence)]
