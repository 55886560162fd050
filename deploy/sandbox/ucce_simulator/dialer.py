"""The dialer: a thread that moves contacts pending → active → a result, by the simulated clock.

Assumption: it is another machine than the API's, so a restart of the simulator finishes the calls under way.
"""

import json
import logging
import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.sandbox.ucce_simulator import results, route_points, window
from deploy.sandbox.ucce_simulator.clock import Clock
from deploy.sandbox.ucce_simulator.options import Options
from deploy.sandbox.ucce_simulator.outcomes import OUTCOMES, status_after
from deploy.sandbox.ucce_simulator.store import Store
from deploy.sandbox.ucce_simulator.upkeep import UNKNOWN_MINUTES, Purge, forget_unknown

_log = logging.getLogger(__name__)
_TICK_SECONDS = 0.1  # real seconds
_RECORDS_PER_STEP = 500  # records per step, so that no step holds the database for long


@dataclass(frozen=True)
class Settings:
    """What test control can change. Seconds are of the simulated clock."""

    paused: bool
    pickup_seconds: float
    dial_seconds: float
    lines: int
    mix: dict[int, float]


class Dialer(threading.Thread):
    def __init__(self, store: Store, clock: Clock, options: Options, stopping: threading.Event) -> None:
        super().__init__(name="dialer", daemon=True)
        self._store, self._clock, self._options, self._stopping = store, clock, options, stopping
        self._purge = Purge(ZoneInfo(options.time_zone), options.purge_days)
        self.forced = results.Forced(store)
        self.settings = self._load()

    def _load(self) -> Settings:
        options = self._options
        started = Settings(
            options.paused,
            options.pickup_seconds,
            options.dial_seconds,
            options.lines,
            results.mix_from_text(options.mix),
        )
        kept = self._store.setting("dialer", {})
        if "mix" in kept:
            kept["mix"] = {int(code): weight for code, weight in kept["mix"].items()}
        return replace(started, **kept)

    def change(self, **changes: Any) -> None:
        """Set some of the Settings; they outlive a restart."""
        self.settings = replace(self.settings, **changes)
        self._store.set_setting("dialer", self._store.setting("dialer", {}) | changes)

    def reload(self) -> None:
        self.settings = self._load()

    def run(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            try:
                self.step()
            except Exception:
                _log.exception("a dialer step failed; the next one tries again")

    def step(self) -> None:
        """Everything that is due now."""
        now = self._clock.now()
        with self._store.transaction() as connection:
            self._clock.keep()
            self._purge.due(connection, now)
            if self.settings.paused:
                return
            self._finish(connection, now)
            forget_unknown(connection, now)
            for row in connection.execute("SELECT * FROM campaign WHERE deleted = 0").fetchall():
                self._dial(connection, row["id"], json.loads(row["fields"]), now)

    def lose(self) -> int:
        """The dialer dies: active contacts become U (unknown), without a result, and P (pending) after an hour."""
        due = self._clock.seconds() + UNKNOWN_MINUTES * 60
        with self._store.transaction() as connection:
            cursor = connection.execute("UPDATE contact SET status = 'U', due_at = ? WHERE status = 'A'", (due,))
            return cursor.rowcount

    def _dial(self, connection: sqlite3.Connection, campaign_id: int, campaign: dict[str, Any], now: datetime) -> None:
        if not window.may_dial(campaign, now):
            return
        active = connection.execute(
            "SELECT count(*) FROM contact WHERE campaign_id = ? AND status = 'A'", (campaign_id,)
        ).fetchone()[0]
        free = min(self._lines(campaign) - active, _RECORDS_PER_STEP)
        if free <= 0:
            return
        is_open, values = window.condition(campaign, now)
        stamp = now.timestamp()
        chosen: list[int] = []
        # callbacks before retries before pending, each in the order of import (ucce/REFERENCE.md 1.5.4)
        for status, limit in (("B", stamp), ("R", stamp), ("P", stamp - self.settings.pickup_seconds)):
            column = "imported_at" if status == "P" else "due_at"
            rows = connection.execute(
                f"SELECT id FROM contact WHERE campaign_id = ? AND status = ? AND {column} <= ? AND {is_open}"  # noqa: S608
                " ORDER BY id LIMIT ?",
                [campaign_id, status, limit, *values, free - len(chosen)],
            )
            chosen += [row["id"] for row in rows]
        connection.executemany(
            "UPDATE contact SET status = 'A', due_at = ? WHERE campaign_id = ? AND id = ?",
            [(stamp + self.settings.dial_seconds, campaign_id, number) for number in chosen],
        )

    def _lines(self, campaign: dict[str, Any]) -> int:
        """How many calls at once. In an IVR campaign no more than its route points have ports."""
        if campaign["campaignPurposeType"] != "ivrCampaign":
            return self.settings.lines
        ports = [int(info["ivrPorts"]) for info in campaign["skillGroupInfos"] if info.get("ivrRoutePoint")]
        return min(self.settings.lines, sum(ports))

    def _finish(self, connection: sqlite3.Connection, now: datetime) -> None:
        rows = connection.execute(
            "SELECT contact.*, fields FROM contact JOIN campaign ON campaign.id = campaign_id"
            " WHERE status = 'A' AND due_at <= ? ORDER BY due_at LIMIT ?",
            (now.timestamp(), _RECORDS_PER_STEP),
        ).fetchall()
        for row in rows:
            self._record(connection, row, json.loads(row["fields"]), now.timestamp())

    def _record(self, connection: sqlite3.Connection, row: sqlite3.Row, campaign: dict[str, Any], now: float) -> None:
        """Assumption: a contact's numbers are dialled in turn, the next one at each attempt."""
        phones = list(json.loads(row["phones"]).items())
        index, phone = phones[row["dials"] % len(phones)]
        chance = results.draw(self._options.seed, f"{row['campaign_id']}/{row['id']}/{row['dials']}")
        result = self.forced.next(row["account_number"], phone)
        if result is None:
            mix = self.settings.mix
            result = chance.choices(list(mix), weights=list(mix.values()))[0]
        outcome = OUTCOMES[result]
        calls_made = row["calls_made"] + outcome.counts
        status, minutes = status_after(result, calls_made, campaign)
        phone_results = json.loads(row["phone_results"]) | {index: result}
        connection.execute(
            "UPDATE contact SET status = ?, due_at = ?, calls_made = ?, dials = dials + 1, result = ?,"
            " phone_results = ? WHERE campaign_id = ? AND id = ?",
            (status, now + minutes * 60, calls_made, result, json.dumps(phone_results), row["campaign_id"], row["id"]),
        )
        talk, wrapup = (chance.randint(20, 240), chance.randint(5, 30)) if outcome.live else (0, 0)
        made = connection.execute(
            "INSERT INTO call (campaign_id, contact_id, account_number, phone_index, phone, result, status, counted,"
            " at, talk, wrapup) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row["campaign_id"], row["id"], row["account_number"], index, phone, result, status, outcome.counts,
             now, talk, wrapup),
        )  # fmt: skip
        route_point = route_points.after(result, campaign)
        if route_point:
            connection.execute(
                "INSERT INTO transfer (call, account_number, route_point) VALUES (?, ?, ?)",
                (made.lastrowid, row["account_number"], route_point),
            )
