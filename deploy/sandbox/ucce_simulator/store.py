"""The state that survives a restart: one SQLite file in write-ahead mode; what was committed survives a SIGKILL."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
FIRST_ID = 5000
SKILL_GROUPS = ("Billing", "Sales", "Support", "Collections", "Retention", *(f"Skill_{n:02}" for n in range(6, 41)))


class Store:
    """One connection behind one lock: SQLite writes one at a time anyway, and a page is read in a millisecond."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")  # safe against the process's end, not the host's
        self._connection.create_function("casefold", 1, str.casefold, deterministic=True)
        self._connection.executescript(_SCHEMA)
        if "workstation" not in {row["name"] for row in self.rows("PRAGMA table_info(request)")}:  # an older file
            self._connection.execute("ALTER TABLE request ADD COLUMN workstation INTEGER NOT NULL DEFAULT 1")
        self.seed()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction; one inside of another one is part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Row | None:
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def count(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> int:
        row = self.row(sql, parameters)
        return int(row[0] or 0) if row else 0

    def setting(self, name: str, default: Any) -> Any:
        """A value set by test control, kept as JSON."""
        row = self.row("SELECT value FROM control WHERE name = ?", (name,))
        return json.loads(row["value"]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO control VALUES (?, ?)", (name, json.dumps(value)))

    def seed(self) -> None:
        """Insert the skill groups of a new UCCE; ids start where Cisco's do."""
        with self.transaction() as connection:
            if not connection.execute("SELECT 1 FROM skill_group").fetchone():
                groups = [(FIRST_ID + n, name) for n, name in enumerate(SKILL_GROUPS)]
                connection.executemany("INSERT INTO skill_group VALUES (?, ?)", groups)
            if not connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'campaign'").fetchone():
                connection.execute("INSERT INTO sqlite_sequence VALUES ('campaign', ?)", (FIRST_ID,))

    def close(self) -> None:
        with self._lock:
            self._connection.close()
