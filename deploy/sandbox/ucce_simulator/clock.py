"""The simulated clock: real time plus the seconds by which tests moved it on, so that retry delays pass quickly."""

import threading
import time
from datetime import UTC, datetime

from deploy.sandbox.ucce_simulator.store import Store


class Clock:
    """Runs `speed` times as fast as real time, never backwards; its lead over real time survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._base = time.time() + float(store.setting("clock_gained", 0.0))
        self._since = time.monotonic()
        self._speed = float(store.setting("clock_speed", 1.0))

    @property
    def speed(self) -> float:
        return self._speed

    def seconds(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            return self._seconds()

    def _seconds(self) -> float:
        return self._base + (time.monotonic() - self._since) * self._speed

    def now(self) -> datetime:
        """The same as an aware UTC datetime."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        """Raises ValueError for less than 0."""
        if seconds < 0:
            raise ValueError("the clock goes forward only")
        self._change(seconds, self._speed)

    def set_speed(self, speed: float) -> None:
        """Raises ValueError for less than 0."""
        if speed < 0:
            raise ValueError("the clock goes forward only")
        self._change(0.0, speed)

    def keep(self) -> None:
        """Store the lead over real time that `speed` made, so that a restart goes on from about here."""
        if self._speed != 1.0:
            self._change(0.0, self._speed)

    def reset(self) -> None:
        """Back to real time."""
        with self._lock:
            self._base, self._since, self._speed = time.time(), time.monotonic(), 1.0

    def _change(self, seconds: float, speed: float) -> None:
        with self._lock:
            self._base = self._seconds() + seconds
            self._since = time.monotonic()
            self._speed = speed
            gained = self._base - time.time()
        self._store.set_setting("clock_gained", gained)
        self._store.set_setting("clock_speed", speed)
