"""When each API key was last used: written now and then by a timer, so that no request waits for it."""

import threading
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, update

from shared.callbacks.config_snapshot import Client
from shared.db.models import ApiClient
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

EXACT_TO = timedelta(minutes=1)  # a key's uses within this are told as one
WRITE_AFTER_SECONDS = 5.0

_Key = tuple[int, bool]  # the client, and whether by its previous key


class KeyUses:
    """The uses that one process has seen. Thread-safe; nothing of it fails a request."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._noted: dict[_Key, datetime] = {}
        self._waiting: dict[_Key, datetime] = {}
        self._timer: threading.Timer | None = None

    def note(self, client: Client, now: datetime) -> None:
        """A request came with a key of `client`."""
        key = (client.id, client.previous_key)
        with self._lock:
            noted = self._noted.get(key)
            if noted is not None and noted <= now < noted + EXACT_TO:
                return
            self._noted[key] = now
            if not self._waiting:
                self._timer = threading.Timer(WRITE_AFTER_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
            self._waiting[key] = now

    def close(self) -> None:
        """Write what waits, now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
        self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        try:
            for (client_id, previous), at in waiting.items():
                _write(self._database, client_id, previous, at)
        except Exception as error:  # the next use in a minute is told again
            _log.warning("key_use_not_written", error=type(error).__name__)


@retried
def _write(database: Database, client_id: int, previous: bool, at: datetime) -> None:
    column = ApiClient.previous_key_used_at if previous else ApiClient.last_used_at
    older = or_(column.is_(None), column < at)  # another process may have seen a later one
    with database.writing() as tx:
        tx.execute(update(ApiClient).where(ApiClient.id == client_id, older).values({column: at}))
        tx.commit()
