"""Old rows, and the retention that comes for them."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from tests.chaos.faults.deck import Steps, fault
from tests.chaos.rig import Rig
from tests.chaos.rules import AGED

AGE = timedelta(days=60)  # longer than personal data are kept, shorter than history is
_CHOSEN = (
    "SELECT account_number, status, changed_at, start_at FROM callback WHERE status IN ({}) ORDER BY created_at DESC"
)


@fault("workers", AGED)
def grow_old(rig: Rig, dice: random.Random) -> Steps:
    """Closed callbacks become two months old, and so does the last change of some that are still to come."""
    closed = _age(rig, dice, ("completed", "failed", "cancelled"), start=True)
    waiting = _age(rig, dice, ("scheduled",), start=False)
    rig.note(fault=AGED, phase="aged", accounts=[*closed, *waiting])
    rig.ops("POST", "resign")
    yield 4.0


def _age(rig: Rig, dice: random.Random, statuses: tuple[str, ...], *, start: bool) -> list[str]:
    """Account numbers of up to twelve callbacks whose last change is long ago now, and their start with it."""
    names = ", ".join(f"'{status}'" for status in statuses)
    columns = ("changed_at", "start_at") if start else ("changed_at",)
    with rig.database.writing() as tx:
        found = tx.execute(text(_CHOSEN.format(names))).all()
        chosen = dice.sample(found, min(12, len(found)))
        for row in chosen:
            for column in columns:
                tx.execute(
                    text(f"UPDATE callback SET {column} = :then WHERE account_number = :number"),  # noqa: S608
                    {"then": _before(getattr(row, column)), "number": row.account_number},
                )
        tx.commit()
    return [row.account_number for row in chosen]


def _before(value: Any) -> Any:
    """The instant of a database, which SQLite keeps as text, so much earlier."""
    if isinstance(value, str):
        return (datetime.fromisoformat(value) - AGE).isoformat(sep=" ", timespec="microseconds")
    return value - AGE
