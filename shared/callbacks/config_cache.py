"""The process's current snapshot, and how it notices that it is outdated."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, select, update

from shared.callbacks.config_snapshot import ConfigSnapshot, build
from shared.db import models
from shared.db.engine import LIMIT
from shared.db.session import Database, retried
from shared.errors import DomainError, Unavailable
from shared.single_flight import SingleFlight

T = TypeVar("T")

# Seconds for which a request may use the snapshot without asking whether it is current. What books asks every time.
MAX_AGE_SECONDS = 1.0

_DECISIONS = 5  # how often a decision is made anew because an administrator's change came in between

_TABLE_SECONDS = 10.0  # for each table that is read, within the deadline: more than the usual statement gets

_READINGS = 10  # how often the tables are read anew because they changed while they were read

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

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._snapshot: ConfigSnapshot | None = None
        self._verified = float("-inf")  # monotonic: when the snapshot was last known to be the newest
        self._failed = float("-inf")  # monotonic: when the database was last asked in vain
        self.answers: SingleFlight[Hashable, Any] = SingleFlight()  # by question, for all who ask it at once

    def current(self, trust: float = MAX_AGE_SECONDS) -> ConfigSnapshot:
        """A snapshot that was the newest at most `trust` seconds ago."""
        snapshot, trusted_since = self._snapshot, time.monotonic() - trust
        if snapshot is not None and self._verified >= trusted_since:
            return snapshot
        return self._verified_since(trusted_since)

    def decide(self, decision: Callable[[ConfigSnapshot], T]) -> T:
        """Run `decision` with the current snapshot, and again with the newest while it was made by an outdated one.

        A decision says so by StaleSnapshot; a refusal (DomainError) is only final by the newest snapshot.
        """
        snapshot = self.current()
        for _ in range(_DECISIONS):
            try:
                return decision(snapshot)
            except StaleSnapshot:
                snapshot = self.refreshed()
            except Unavailable:
                raise
            except DomainError:
                newest = self.refreshed()
                if newest is snapshot:
                    raise
                snapshot = newest
        raise Unavailable("The configuration is being changed. Try again in a few seconds.")

    def refreshed(self) -> ConfigSnapshot:
        """The newest snapshot, asked for now."""
        return self._verified_since(time.monotonic())

    def _verified_since(self, moment: float) -> ConfigSnapshot:
        """A snapshot that was the newest at `moment` (monotonic) or later: one thread asks for all that wait.

        Once the database was asked in vain nobody waits any more: one asks whether it is back, the others hear at once
        that it is not, and no thread of the service is held up by a dead database but that one.
        """
        came, down = time.monotonic(), self._failed > self._verified
        if not self._lock.acquire(blocking=not down):
            raise _database_unavailable()
        try:
            if self._snapshot is not None and self._verified >= moment:
                return self._snapshot
            if self._failed >= came:  # asked in vain while we waited: asking again would only add to our caller's wait
                raise _database_unavailable()
            asked = time.monotonic()
            try:
                self._snapshot = _newest_version(self._database, self._snapshot)
            except Unavailable:
                self._failed = time.monotonic()
                raise
            self._verified = asked
            return self._snapshot
        finally:
            self._lock.release()


def _database_unavailable() -> Unavailable:
    return Unavailable("The database does not answer. Try again in a few seconds.")


@retried
def _newest_version(database: Database, known: ConfigSnapshot | None) -> ConfigSnapshot:
    with database.reading() as connection:
        version = connection.execute(_VERSION).scalar_one()
        for _ in range(_READINGS):
            if known is not None and known.version == version:
                return known
            connection.execution_options(**{LIMIT: _TABLE_SECONDS})
            known = build(version, {name: list(connection.execute(query)) for name, query in _TABLES.items()})
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
