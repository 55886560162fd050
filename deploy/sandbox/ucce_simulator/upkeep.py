"""What UCCE does to records by itself as time goes by (ucce/REFERENCE.md 1.5.3 and 1.10)."""

import sqlite3
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

UNKNOWN_MINUTES = 60  # U goes back to P after this


def forget_unknown(connection: sqlite3.Connection, now: datetime) -> None:
    """Records in status U go back to P after UNKNOWN_MINUTES, and are dialled again."""
    connection.execute(
        "UPDATE contact SET status = 'P', due_at = 0 WHERE status = 'U' AND due_at <= ?", (now.timestamp(),)
    )


class Purge:
    """At midnight of the Logger: closed records whose import is older than `days` go; 0 days: never."""

    def __init__(self, zone: ZoneInfo, days: int) -> None:
        self._zone, self._days = zone, days
        self._last = ""

    def due(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Purge on the first call of a new day."""
        local = now.astimezone(self._zone)
        today = local.strftime("%Y-%m-%d")
        if self._last == today or not self._days:
            return
        self._last = today
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        oldest = (midnight - timedelta(days=self._days)).timestamp()
        connection.execute("DELETE FROM contact WHERE status IN ('C', 'M', 'D') AND imported_at < ?", (oldest,))
