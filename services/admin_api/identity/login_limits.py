"""Limits of guessing passwords: whoever guesses is slowed and shut out, and nobody else.

Wrong passwords are counted apart for a name from one address (first a pause, then a lock), for a name from all
addresses, and for an address with all names. A browser in which the person logged in before (devices.py) has a count of
its own and none of the others: strangers can't lock it.

An attempt is counted before its password is looked at, and taken back when it was right, so that guesses made at the
same time are all counted. Names are counted whether they exist or not, by a short hash: answers do not tell which
exist, and what was typed may be a password.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.callbacks.settings import BusinessSettings
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import LoginLimit
from shared.db.session import Database, retried
from shared.web.security_log import network_of

WINDOW = timedelta(hours=1)  # in which the wrong passwords of a name or an address are counted together
FORGOTTEN_AFTER = timedelta(days=1)  # without another wrong one of the same name from the same place
PAUSE_FROM = 3  # wrong passwords in a row after which the next attempt must wait
MAX_PAUSE_SECONDS = 60
MAX_RACES = 3  # one for each row of an attempt


@dataclass(frozen=True, slots=True)
class Origin:
    """Who tries: the name as typed, the address, and the device's hash if it is one that the named person used."""

    name: str
    address: str
    device: str | None


@dataclass(frozen=True, slots=True)
class Limit:
    """`kind` is `address`, `name`, `name_and_address` or `device`; `key` is the row's."""

    kind: str
    key: str
    name_hash: str | None
    failures: int  # that lock
    pauses: bool  # before they do
    window: timedelta
    sliding: bool  # the window begins anew with each failure


@dataclass(frozen=True, slots=True)
class Block:
    """What keeps an attempt from being looked at; `locked` tells a lock from a pause."""

    kind: str
    until: datetime
    locked: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted: against `counted`, of which `locks` lock from now on if it was wrong. `in_a_row`:
    with it, how many were wrong from this place."""

    block: Block | None
    counted: tuple[Limit, ...]
    locks: tuple[Block, ...]
    in_a_row: int


def count_attempt(database: Database, settings: BusinessSettings, origin: Origin, now: datetime) -> Attempt:
    """Count an attempt as wrong for now. Raises Unavailable."""
    for _ in range(MAX_RACES):
        try:
            return _count(database, settings, origin, now)
        except IntegrityError:  # another one made a row in the same moment: now it is there
            continue
    return _count(database, settings, origin, now)


@retried
def _count(database: Database, settings: BusinessSettings, origin: Origin, now: datetime) -> Attempt:
    block, counted, locks, in_a_row = None, [], [], 0
    with database.writing() as tx:
        tx.execute(delete(LoginLimit).where(LoginLimit.expires_at <= now))
        for limit in _limits(settings, origin):
            failures = _count_one(tx, limit, now)
            if isinstance(failures, Block):
                block = failures
                break
            counted.append(limit)
            in_a_row = failures if limit.pauses else in_a_row
            if failures >= limit.failures:
                lock = Block(limit.kind, now + timedelta(minutes=settings.lock_minutes), locked=True)
                _write_block(tx, limit, lock)
                locks.append(lock)
        tx.commit()
    return Attempt(block, tuple(counted), tuple(locks), in_a_row)


def pause(database: Database, attempt: Attempt, now: datetime) -> None:
    """The password was wrong: let the next attempt from this place wait, unless it is locked. Not before, so that right
    ones at the same time do not get in each other's way."""
    if attempt.in_a_row < PAUSE_FROM or attempt.locks:
        return
    seconds = min(2 ** (attempt.in_a_row - PAUSE_FROM + 1), MAX_PAUSE_SECONDS)
    for limit in attempt.counted:
        if limit.pauses:
            _write_pause(database, limit, Block(limit.kind, now + timedelta(seconds=seconds), locked=False))


@retried
def _write_pause(database: Database, limit: Limit, block: Block) -> None:
    with database.writing() as tx:
        _write_block(tx, limit, block)
        tx.commit()


def forgive(tx: Connection, attempt: Attempt, now: datetime, *, this_one_only: bool = False) -> None:
    """The password was right: forget what was wrong before from this place, and take the attempt back elsewhere.

    `this_one_only`: the password alone is not the whole proof, so what was wrong before stays counted.
    """
    locked = {lock.kind for lock in attempt.locks}
    for limit in attempt.counted:
        row = LoginLimit.key == limit.key
        if limit.sliding and not this_one_only:
            tx.execute(delete(LoginLimit).where(row))
            continue
        values: dict[str, Any] = {"failures": LoginLimit.failures - 1}
        if limit.kind in locked:
            values |= {"blocked_until": None, "locked": False, "expires_at": now + limit.window}
        tx.execute(update(LoginLimit).where(row, LoginLimit.failures > 0).values(**explicit_nulls(values)))


def unlock(tx: Connection, name: str) -> None:
    """End every lock and pause of a name."""
    tx.execute(delete(LoginLimit).where(LoginLimit.name_hash == _name_hash(name)))


def locked_until(connection: Connection, names: Iterable[str], now: datetime) -> Mapping[str, datetime]:
    """Until when each name is locked somewhere; names that are locked nowhere are missing."""
    hashes = {name: _name_hash(name) for name in names}
    if not hashes:
        return {}
    statement = (
        select(LoginLimit.name_hash, func.max(LoginLimit.blocked_until))
        .where(one_of(LoginLimit.name_hash, list(hashes.values())), LoginLimit.locked, LoginLimit.blocked_until > now)
        .group_by(LoginLimit.name_hash)
    )
    until = {row[0]: row[1] for row in connection.execute(statement) if row[1] is not None}
    return {name: until[hashed] for name, hashed in hashes.items() if hashed in until}


def _name_hash(name: str) -> str:
    # 16 bits tell nothing of what was typed; two users who share them share the count of one address at most.
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:4]


def _limits(settings: BusinessSettings, origin: Origin) -> Iterator[Limit]:
    name = _name_hash(origin.name)
    in_a_row = {"failures": settings.lock_after_failures, "pauses": True, "window": FORGOTTEN_AFTER, "sliding": True}
    if origin.device is not None:
        yield Limit("device", f"device {name} {origin.device[:40]}", name, **in_a_row)  # type: ignore[arg-type]
        return
    network = truncate_utf16(network_of(origin.address), 45)
    yield Limit("address", f"address {network}", None, settings.failures_per_address, False, WINDOW, False)
    # Before the name's own: what is refused here must not count there, or one address could lock the name for all.
    yield Limit("name_and_address", f"{name} {network}", name, **in_a_row)  # type: ignore[arg-type]
    yield Limit("name", f"name {name}", name, settings.failures_per_name, False, WINDOW, False)


def _count_one(tx: Connection, limit: Limit, now: datetime) -> int | Block:
    """How many there are with this one, or what blocks it. A counted row stays locked until the transaction's end, so
    that of several at once each one sees what the one before it did."""
    row, expires_at = LoginLimit.key == limit.key, now + limit.window
    values = {"failures": LoginLimit.failures + 1} | ({"expires_at": expires_at} if limit.sliding else {})
    free = LoginLimit.blocked_until.is_(None) | (LoginLimit.blocked_until <= now)
    if tx.execute(update(LoginLimit).where(row, free).values(**values)).rowcount:
        return int(tx.execute(select(LoginLimit.failures).where(row)).scalar_one())
    found = tx.execute(select(LoginLimit.blocked_until, LoginLimit.locked).where(row)).one_or_none()
    if found is not None:
        return Block(limit.kind, found.blocked_until, found.locked)
    new = {"key": limit.key, "name_hash": limit.name_hash, "failures": 1, "blocked_until": None, "locked": False,
           "expires_at": expires_at}  # fmt: skip
    tx.execute(insert(LoginLimit).values(**explicit_nulls(new)))
    return 1


def _write_block(tx: Connection, limit: Limit, block: Block) -> None:
    """A lock ends with its row, and the count begins anew; a pause never shortens one."""
    values = {"blocked_until": block.until, "locked": block.locked}
    if block.locked:
        values["expires_at"] = block.until
    longer = LoginLimit.blocked_until.is_(None) | (LoginLimit.blocked_until < block.until)
    tx.execute(update(LoginLimit).where(LoginLimit.key == limit.key, longer).values(**values))
