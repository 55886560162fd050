"""Wrong logins of agents, counted in the database for all nodes: whoever guesses is shut out for the rest of a WINDOW.

Counted are an agent's from one address, and an address's with whatever agents: so nobody is shut out by others
elsewhere. Every desktop of a centre may come from the addresses of its Finesse nodes, whose proxy gadgets use. Right
logins are not counted: a shift change writes nothing here. What is under way when the last one is counted (four calls
of each process at most) is still looked at.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import LoginLimit
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.web.security_log import network_of

WINDOW = timedelta(minutes=15)  # from the first wrong login of a count
OF_AN_AGENT, OF_AN_ADDRESS = 5, 200
MAX_RACES = 3


def require_allowed(database: Database, agent_id: str, address: str, now: datetime) -> bool:
    """Whether wrong ones of the agent are counted from there. Raises `rate_limited` with `retryAfter` in seconds,
    Unavailable."""
    limits = _limits(agent_id, address)
    counted = _read(database, limits, now)
    until = max((row.expires_at for row in counted if row.failures >= limits[row.key]), default=None)
    if until is not None:
        seconds = max(1, ceil((until - now).total_seconds()))
        raise DomainError(
            Code.RATE_LIMITED, f"Too many wrong logins. Wait {ceil(seconds / 60)} minutes.", retryAfter=seconds
        )
    return next(iter(limits)) in {row.key for row in counted}


def count(database: Database, agent_id: str, address: str, now: datetime) -> bool:
    """Count a wrong login; whether it is the one that shuts out. Raises Unavailable."""
    limits = _limits(agent_id, address)
    for _ in range(MAX_RACES):
        try:
            return _count(database, limits, now)
        except IntegrityError as error:  # another one made a row in the same moment: now it is there
            if classify(error) is not ErrorClass.DUPLICATE:
                raise
    return _count(database, limits, now)


@retried
def forgive(database: Database, agent_id: str, address: str) -> None:
    """The login was right: the agent's wrong ones from there count no more. Raises Unavailable."""
    key = next(iter(_limits(agent_id, address)))
    with database.writing() as tx:
        tx.execute(delete(LoginLimit).where(LoginLimit.key == key))
        tx.commit()


def _limits(agent_id: str, address: str) -> dict[str, int]:
    """The counts that an attempt is of, the agent's first, and how many wrong ones each allows."""
    network = truncate_utf16(network_of(address), 45)
    agent = hashlib.sha256(f"{agent_id.casefold()} {network}".encode()).hexdigest()[:40]
    return {f"agent {agent}": OF_AN_AGENT, f"agents {network}": OF_AN_ADDRESS}


@retried
def _read(database: Database, limits: dict[str, int], now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    rows = select(LoginLimit.key, LoginLimit.failures, LoginLimit.expires_at).where(
        LoginLimit.key.in_(list(limits)), LoginLimit.expires_at > now
    )
    with database.reading() as connection:
        return connection.execute(rows).all()


@retried
def _count(database: Database, limits: dict[str, int], now: datetime) -> bool:
    with database.writing() as tx:
        shuts_out = [_count_one(tx, key, now) == most for key, most in limits.items()]
        tx.commit()
    return any(shuts_out)


def _count_one(tx: Connection, key: str, now: datetime) -> int:
    row = LoginLimit.key == key
    one_more = update(LoginLimit).where(row, LoginLimit.expires_at > now).values(failures=LoginLimit.failures + 1)
    if tx.execute(one_more).rowcount:
        return int(tx.execute(select(LoginLimit.failures).where(row)).scalar_one())
    tx.execute(delete(LoginLimit).where(row))
    new = {"key": key, "name_hash": None, "failures": 1, "blocked_until": None, "locked": False,
           "expires_at": now + WINDOW}  # fmt: skip
    tx.execute(insert(LoginLimit).values(explicit_nulls(new)))
    return 1
