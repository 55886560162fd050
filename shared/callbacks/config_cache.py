"""The process's current snapshot of the configuration, and when it is read anew."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, select, update

from shared.callbacks.config_snapshot import ConfigSnapshot, build
from shared.circuit_breaker import CircuitBreaker
from shared.db import models
from shared.db.engine import LIMIT
from shared.db.session import Database, retried
from shared.errors import DomainError, Unavailable
from shared.phone_hash import PhoneHash
from shared.single_flight import SingleFlight

T = TypeVar("T")

# How old a snapshot may be for a request that only reads. What writes checks the version in its own transaction.
MAX_AGE_SECONDS = 1.0
_MAX_DECISIONS = 5  # how often a decision is made anew because an administrator's change came in between
_TABLE_SECONDS = 10.0  # limit of the statement that reads a table, within the deadline: more than the usual one
_MAX_READINGS = 10  # how often the tables are read anew because they changed while they were read

_VERSION = select(models.ConfigVersion.version)
_TABLES = {
    model.__tablename__: select(*model.__table__.columns)
    for model in (
        models.Skill, models.Campaign, models.CampaignSkill, models.DailySchedule, models.WeeklySchedule, models.Pool,
        models.SkillSchedule, models.Setting, models.ApiClient,
    )
}  # fmt: skip


class StaleSnapshot(Exception):
    """The database has a newer snapshot than the one a decision was made by."""


class ConfigCache:
    """Thread-safe. Reads raise Unavailable when the database does not answer."""

    def __init__(self, database: Database, phone_hash: PhoneHash | None = None) -> None:
        """`phone_hash` recognises the do-not-call numbers of erased people; only what books needs it."""
        self._database = database
        self.phone_hash = phone_hash
        self._breaker = CircuitBreaker("The database does not answer. Try again in a few seconds.")
        self._snapshot: ConfigSnapshot | None = None
        self._verified_at = float("-inf")  # monotonic: when the snapshot was last known to be the newest
        self.answers: SingleFlight[Hashable, Any] = SingleFlight()  # by question, for all who ask it at once

    def current(self, max_age: float = MAX_AGE_SECONDS) -> ConfigSnapshot:
        """A snapshot that was the newest at most `max_age` seconds ago."""
        return self._verified_since(time.monotonic() - max_age)

    def reload(self) -> ConfigSnapshot:
        """The newest snapshot, asked for now."""
        return self._verified_since(time.monotonic())

    def retry_if_stale(self, decide: Callable[[ConfigSnapshot], T]) -> T:
        """Run `decide` with the current snapshot, and again with the newest while it was made by a stale one.

        It says so by StaleSnapshot; a refusal (DomainError) is only final by the newest snapshot.
        """
        snapshot = self.current()
        for _ in range(_MAX_DECISIONS):
            try:
                return decide(snapshot)
            except StaleSnapshot:
                snapshot = self.reload()
            except Unavailable:
                raise
            except DomainError:
                newest = self.reload()
                if newest is snapshot:
                    raise
                snapshot = newest
        raise Unavailable("The configuration is being changed. Try again in a few seconds.")

    def _verified_since(self, moment: float) -> ConfigSnapshot:
        """A snapshot that was the newest at `moment` (monotonic) or later: one thread asks for all that wait."""
        if self._snapshot is not None and self._verified_at >= moment:
            return self._snapshot
        with self._breaker.call():
            if self._snapshot is None or self._verified_at < moment:  # nobody else has asked meanwhile
                asked_at = time.monotonic()
                self._snapshot = _newest_version(self._database, self._snapshot, self.phone_hash)
                self._verified_at = asked_at
            return self._snapshot


@retried
def _newest_version(
    database: Database, existing: ConfigSnapshot | None, phone_hash: PhoneHash | None
) -> ConfigSnapshot:
    with database.reading() as connection:
        version = connection.execute(_VERSION).scalar_one()
        for _ in range(_MAX_READINGS):
            if existing is not None and existing.version == version:
                return existing
            connection.execution_options(**{LIMIT: _TABLE_SECONDS})
            rows = {name: list(connection.execute(query)) for name, query in _TABLES.items()}
            existing = build(version, rows, phone_hash)
            # Each statement may have seen another state; only the same version before and after makes it one.
            version = connection.execute(_VERSION).scalar_one()
    raise Unavailable("The configuration is being changed. Try again in a few seconds.")


def read_snapshot(tx: Connection) -> ConfigSnapshot:
    """The snapshot as a transaction sees it, its own uncommitted changes included: to tell what they would do."""
    version = tx.execute(_VERSION).scalar_one()
    return build(version, {name: list(tx.execute(query)) for name, query in _TABLES.items()})


def bump_version(tx: Connection) -> None:
    """Say that the configuration changed: part of every transaction that writes a configuration table."""
    tx.execute(update(models.ConfigVersion).values(version=models.ConfigVersion.version + 1))
