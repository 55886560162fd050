"""This node's wall clock compared with the database's clock, the one that all nodes share.

Every node decides by its wall clock what is bookable, due or expired. The lease and the settle grace do not depend on
it: they use steady clocks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, literal_column, select, text

from shared.db.session import Database, retried

MAX_SKEW_SECONDS = 60.0  # nodes in one domain agree within a few


@dataclass(frozen=True, slots=True)
class ServerState:
    """Whether the database is a copy that cannot be written (a secondary replica), and what time it is there."""

    read_only: bool
    now: datetime


def read_server_state(connection: Connection) -> ServerState:
    """Ask the server: one round trip."""
    if connection.dialect.name == "mssql":
        updateability = "CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS NVARCHAR(20))"
        mode, now = connection.execute(text(f"SELECT {updateability}, SYSUTCDATETIME()")).one()
    else:
        mode, written = connection.execute(
            select(literal_column("'READ_WRITE'"), func.strftime("%Y-%m-%d %H:%M:%f", "now"))
        ).one()
        now = datetime.fromisoformat(written)
    return ServerState(mode == "READ_ONLY", now.replace(tzinfo=UTC))


@retried
def measure_skew(database: Database, here: datetime) -> float:
    """Seconds by which `here`, just read from this node's clock, is ahead of the database's. Raises Unavailable."""
    with database.reading() as connection:
        return (here - read_server_state(connection).now).total_seconds()


def skew_problem(seconds: float) -> str | None:
    """What is wrong with a clock so many seconds ahead of the database's, in words; None when it may be used."""
    if abs(seconds) <= MAX_SKEW_SECONDS:
        return None
    return f"its clock is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} the database's"
