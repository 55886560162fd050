"""A log of everything that happened in a run: one JSON object a line, written from any thread."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def instant() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class History:
    """The rows are kept in memory and appended to the file."""

    def __init__(self, path: Path) -> None:
        self.rows: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._file = path.open("a", buffering=1)

    def add(self, **row: Any) -> None:
        with self._lock:
            self.rows.append(row)
            self._file.write(json.dumps(row, default=str) + "\n")

    def close(self) -> None:
        self._file.close()
