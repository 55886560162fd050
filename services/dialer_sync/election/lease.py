"""Leadership as a lease that expires.

kazoo's own `Lock.is_acquired` stays True after a session was lost, so it proves nothing. Here a node is master only
while `clock() < expires_at`, and `expires_at` moves only when the lock was confirmed on the server, counted from the
moment *before* that request was sent. So a process that stalls ceases to be master by itself.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

from shared.clock import SteadyClock, boottime


@dataclass(frozen=True, slots=True)
class LeaderTerm:
    """One term as master. `epoch` is larger than that of every earlier term, on any node.

    `hand_overs` is the count that ZooKeeper had when the term began.
    """

    epoch: int
    since: datetime
    node: str
    hand_overs: int = 0


class LeadershipLease:
    """Whether this node is master, for how many seconds more, and why it last ceased to be.

    A term that ended, by a call or by the clock, is never taken up again: the next one has its own epoch.
    """

    def __init__(self, clock: SteadyClock = boottime) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._term: LeaderTerm | None = None
        self._expires_at = 0.0
        self._revocations = 0
        self.end_reason: str | None = None

    @property
    def revocations(self) -> int:
        """How often `end` was called; `begin` wants the number from before the lock was asked for."""
        with self._lock:
            return self._revocations

    def begin(self, term: LeaderTerm, expires_at: float, revocations: int) -> bool:
        """Begin a term; False when `end` was called meanwhile."""
        with self._lock:
            if revocations != self._revocations:
                return False
            self._term, self._expires_at = term, expires_at
            return True

    def extend(self, term: LeaderTerm, expires_at: float) -> bool:
        """Keep `term` until `expires_at`; False when that term has ended meanwhile.

        A confirmation that was on its way when the connection was lost, or that arrives after the lease ran out,
        comes too late by this rule.
        """
        with self._lock:
            if self._current() is not term:
                return False
            self._expires_at = max(self._expires_at, expires_at)
            return True

    def end(self, reason: str) -> None:
        """End the term now. The first reason is kept."""
        with self._lock:
            self._revocations += 1
            if self._term is not None:
                self.end_reason = reason if self._clock() < self._expires_at else "the lease ran out unconfirmed"
            self._term, self._expires_at = None, 0.0

    def current(self) -> LeaderTerm | None:
        """The term this node may act in right now."""
        with self._lock:
            return self._current()

    def remaining(self) -> float:
        """Seconds for which this node may still act; 0 when it is not master."""
        with self._lock:
            return max(0.0, self._expires_at - self._clock()) if self._term is not None else 0.0

    def _current(self) -> LeaderTerm | None:
        return self._term if self._clock() < self._expires_at else None
