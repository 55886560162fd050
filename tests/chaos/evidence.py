"""What a run left behind: the database, UCCE's journals, the histories. Read once, after the work has drained.

The database and UCCE's file are read by plain SQL, without the product's tables and rules.
"""

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, text

from tests.chaos.history import History
from tests.chaos.invariants import PURGES, PUT_BACK
from tests.chaos.system_under_test import SystemUnderTest

Row = SimpleNamespace
_CALLBACKS = """
SELECT callback.*, skill.name AS skill, campaign.name AS campaign
FROM callback JOIN skill ON skill.id = callback.skill_id JOIN campaign ON campaign.id = callback.campaign_id
JOIN pool ON pool.id = callback.pool_id ORDER BY created_at
"""
_INSTANTS = ("at", "slot_start")
_JSON = ("call_data",)


@dataclass
class Evidence:
    """`calls` are the clients', `edits` the administrator's, `faults` what was broken, each in the order of their ends.

    `received` are UCCE's imports in the order of receipt, `taken` the rows it took and `dials` its calls, by contact
    key; `campaigns` the names of its campaigns by id. `attempts` and `events` are by account number.
    """

    calls: list[dict[str, Any]]
    edits: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    received: list[dict[str, Any]]
    taken: dict[str, list[dict[str, Any]]]
    dials: dict[str, list[dict[str, Any]]]
    campaigns: dict[int, str]
    callbacks: dict[str, Row]
    attempts: dict[str, list[Row]]
    events: dict[str, list[Row]]
    slots: list[Row]
    terms: list[Row]
    now: datetime

    def forgotten(self, moment: Any) -> bool:
        """Whether the database lost what was written at `moment`: after the copy that it was put back to."""
        copied: datetime | None = None
        for row in self.faults:
            if row["fault"] == PUT_BACK and row["phase"] == "copied":
                copied = instant(row["at"])
            elif row["fault"] == PUT_BACK and row["phase"] == "put back" and copied is not None:
                return copied <= instant(moment) <= instant(row["at"])
        return False

    def lost_in_ucce(self, attempt: Row) -> bool:
        """Whether UCCE purged the contact; of one that was never listed, whether UCCE purged anything since
        its claim.
        """
        purges = [row for row in self.faults if row["fault"] == PURGES and row["phase"] == "purged"]
        if attempt.listed_at is None:
            return any(instant(row["at"]) >= attempt.claimed_at for row in purges)
        return any(attempt.contact_key in row["keys"] for row in purges)

    def under_way(self, name: str, moment: datetime, after: float = 0.0) -> bool:
        """Whether the fault `name` was going on at `moment`, or had ended at most `after` seconds before."""
        begun: datetime | None = None
        for row in self.faults:
            if row.get("fault") != name:
                continue
            at = instant(row["at"])
            if row["phase"] == "begins":
                begun = at
            elif row["phase"] == "ends" or row["phase"].startswith("not possible"):
                if begun and begun <= moment and (moment - at).total_seconds() <= after:
                    return True
                begun = None
        return begun is not None and begun <= moment


def instant(given: Any) -> datetime:
    """An instant of a history, a journal or the database, in UTC."""
    moment = datetime.fromisoformat(given) if isinstance(given, str) else given
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def gather(system: SystemUnderTest, history: History) -> Evidence:
    with system.database.reading() as connection:
        callbacks = _rows(connection, _CALLBACKS)
        attempts = _rows(connection, "SELECT * FROM attempt ORDER BY contact_key")
        events = _rows(connection, "SELECT * FROM callback_event ORDER BY id")
        slots = _rows(connection, "SELECT * FROM slot ORDER BY start_at")
        terms = _rows(connection, "SELECT * FROM mastership_term ORDER BY epoch")
    return Evidence(
        calls=[row for row in history.rows if "op" in row],
        edits=[row for row in history.rows if "edit" in row],
        faults=[row for row in history.rows if "fault" in row],
        received=system.ucce.received(method="POST", kind="import"),
        taken=_by_key(system.ucce.ask("GET", "taken")["contacts"]),
        dials=_by_key(system.ucce.calls()),
        campaigns=_campaigns(system),
        callbacks={row.account_number: row for row in callbacks},
        attempts=_by_account(attempts),
        events=_by_account(events),
        slots=slots,
        terms=terms,
        now=datetime.now(UTC),
    )


def _rows(connection: Connection, sql: str) -> list[Row]:
    rows = connection.execute(text(sql))
    return [Row(**{name: _value(name, value) for name, value in row._mapping.items()}) for row in rows]


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _INSTANTS or name.endswith("_at"):
        return instant(value)
    return json.loads(value) if name in _JSON else value


def _campaigns(system: SystemUnderTest) -> dict[int, str]:
    """The names of UCCE's campaigns by its own ids, from the simulator's file."""
    with closing(sqlite3.connect(f"file:{system.var / 'ucce' / 'ucce.db'}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT id, fields FROM campaign").fetchall()
    return {number: json.loads(fields)["name"] for number, fields in rows}


def _by_key(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["accountNumber"]].append(row)
    return dict(grouped)


def _by_account(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.account_number].append(row)
    return grouped
