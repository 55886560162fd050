"""What UCCE received, in order of receipt; written before the work, so that it survives a kill of the server."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from deploy.sandbox.ucce_simulator.store import Store
from deploy.sandbox.ucce_simulator.wire import Request

_KEPT = 100_000


class Journal:
    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, request: Request) -> int:
        """Write down a request that was received whole; returns its sequence number."""
        parts = urlsplit(request.target)
        taken = 0 if (request.method, request.kind) == ("POST", "import") else None
        station = request.workstation
        values = (instant(), request.method, parts.path, parts.query, request.kind, len(request.body), taken, station)
        with self._store.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO request (at, method, path, query, kind, bytes, taken, workstation)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            sequence = int(cursor.lastrowid or 0)
            if sequence % 1000 == 0:  # a simulator may run for weeks in a demonstration
                connection.execute("DELETE FROM request WHERE sequence <= ?", (sequence - _KEPT,))
        return sequence

    def take(self, request: Request) -> None:
        """Write down that the batch of this import is taken, in the import's own transaction."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE request SET taken = 1, accounts = ? WHERE sequence = ?",
                (json.dumps(request.accounts), request.sequence),
            )

    def close(self, request: Request, status: int | None, ending: str) -> None:
        """Write down how it ended, before the answer is sent."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE request SET status = ?, ending = ?, accounts = ? WHERE sequence = ?",
                (status, ending, json.dumps(request.accounts), request.sequence),
            )

    def received(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Requests by the filters after, method, kind, status, path (a part of it) and limit, oldest first."""
        sql = "SELECT * FROM request WHERE sequence > ?"
        values: list[Any] = [int(query.get("after", 0))]
        for name in ("method", "kind", "status"):
            if name in query:
                sql += f" AND {name} = ?"
                values.append(query[name])
        if "path" in query:
            sql += " AND instr(path, ?) > 0"
            values.append(query["path"])
        rows = self._store.rows(f"{sql} ORDER BY sequence LIMIT ?", [*values, int(query.get("limit", _KEPT))])
        return [_as_json(dict(row)) for row in rows]

    def duplicates(self) -> list[dict[str, Any]]:
        """Account numbers that were taken more than once, with the requests that brought them."""
        rows = self._store.rows(
            "SELECT account_number, count(*) AS times, group_concat(request) AS requests FROM taken_row"
            " WHERE account_number <> '' GROUP BY account_number HAVING count(*) > 1 ORDER BY account_number"
        )
        return [
            {
                "accountNumber": row["account_number"],
                "times": row["times"],
                "requests": sorted(int(number) for number in row["requests"].split(",")),
            }
            for row in rows
        ]

    def taken(self) -> list[dict[str, Any]]:
        """Every row ever taken, as it came, in the order of taking."""
        rows = self._store.rows("SELECT * FROM taken_row ORDER BY rowid")
        return [
            {
                "accountNumber": row["account_number"],
                "request": row["request"],
                "campaign": row["campaign_id"],
                "contact": row["contact_id"],
                "at": row["at"],
                "firstName": row["first_name"],
                "lastName": row["last_name"],
                "phones": list(json.loads(row["phones"]).values()),
                "bias": row["bias"],
                "dst": bool(row["dst"]),
            }
            for row in rows
        ]


def instant() -> str:
    """The real time, as the journals hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    row["accountNumbers"] = json.loads(row.pop("accounts"))
    row["taken"] = None if row["taken"] is None else bool(row["taken"])
    return row
