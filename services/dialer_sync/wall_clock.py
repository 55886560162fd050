"""Is this node's wall clock right? Callbacks are due by it: one that runs an hour ahead would call people too early.

The lease and the settle grace do not depend on it (they run on steady clocks), but what is due, expires or is tried
again does. The judge is the database's clock, the one that all nodes share.
"""

from datetime import UTC, datetime

from sqlalchemy import func, select

from shared.db.session import Database, retried

MOST_OFF = 60.0  # seconds; nodes in one domain agree within a few


def trouble(off: float) -> str | None:
    """What is wrong with a clock that is `off` seconds ahead of the database's, in words; None when it may be used."""
    if abs(off) <= MOST_OFF:
        return None
    return f"its clock is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} the database's"


@retried
def seconds_off(database: Database, here: datetime) -> float:
    """How far `here`, just read from this node's clock, is ahead of the database's. Raises Unavailable."""
    with database.reading() as connection:
        if database.dialect == "sqlite":
            text = connection.execute(select(func.strftime("%Y-%m-%d %H:%M:%f", "now"))).scalar_one()
            there = datetime.fromisoformat(text)
        else:
            there = connection.execute(select(func.sysutcdatetime())).scalar_one()
        return (here - there.replace(tzinfo=UTC)).total_seconds()
