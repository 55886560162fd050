"""The simulated clock: wall time plus an offset that tests can grow, so that an hour's retry delay takes no hour."""

import threading
import time
from datetime import UTC, datetime

from tests.fakes.ucce.store import Store


class Clock:
    """Runs `speed` times as fast as real time and never backwards; what it gained survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._offset = float(store.setting("clock_offset", 0.0))
        self._speed = float(store.setting("clock_speed", 1.0))
        self._since = time.monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    def _gained(self) -> float:
        return self._offset + (time.monotonic() - self._since) * (self._speed - 1.0)

    def seconds(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            return time.time() + self._gained()

    def now(self) -> datetime:
        """The same as an aware UTC datetime."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        self._change(seconds, self._speed)

    def set_speed(self, speed: float) -> None:
        self._change(0.0, speed)

    def keep(self) -> None:
        """Write down what was gained by speed, so that a restart goes on from about here."""
        if self._speed != 1.0:
            self._change(0.0, self._speed)

    def reset(self) -> None:
        with self._lock:
            self._offset, self._speed, self._since = 0.0, 1.0, time.monotonic()

    def _change(self, seconds: float, speed: float) -> None:
        with self._lock:
            self._offset = self._gained() + seconds
            self._since = time.monotonic()
            self._speed = speed
            offset = self._offset
        self._store.set_setting("clock_offset", offset)
        self._store.set_setting("clock_speed", speed)
