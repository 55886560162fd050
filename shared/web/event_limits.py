"""How many security events are written one by one: the rest of a source is summed up, so that no stream of requests can
fill the database or the log. The one place where that is decided; counters count all of them.
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

E = TypeVar("E")


class Kind(StrEnum):
    """What can happen; the names of audit rows, log lines and counters."""

    LOGIN_FAILED = "login_failed"  # wrong name or password, or a password that was not looked at
    LOGIN_REFUSED = "login_refused"  # by a limit, nothing was looked at
    LOGIN_LOCKED = "login_locked"  # this failure was the one too many
    FORBIDDEN = "forbidden"  # 403
    CSRF_FAILED = "csrf_failed"
    API_KEY_REFUSED = "api_key_refused"
    OPS_CALLED = "ops_called"
    PHONES_READ = "phones_read"


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one source `each` events are written singly within `seconds`, and one sum of those beyond. `by_target`: that
    often for each thing that it asks for."""

    seconds: float
    each: int
    by_target: bool = False


_REFUSALS = Limit(60, 5)
# Monitors ask for the status every few seconds, and a person pages through lists, all day long.
LIMITS = {Kind.OPS_CALLED: Limit(600, 5, by_target=True), Kind.PHONES_READ: Limit(600, 1, by_target=True)}

# Of all strangers together, for whoever has many addresses: about 16,000 rows a day, kind and process at most.
STRANGERS = Limit(600, 100)
_SWEEP_ABOVE = 1_000  # windows


def limit_of(kind: Kind) -> Limit:
    """The limit of one source."""
    return LIMITS.get(kind, _REFUSALS)


@dataclass(slots=True)
class _Window(Generic[E]):
    ends: float
    written: int = 0
    more: int = 0
    last: E | None = None


@dataclass(frozen=True, slots=True)
class Sum(Generic[E]):
    """`count` events that were not written singly; `last` is the newest of them. `source` None: of many strangers."""

    count: int
    last: E
    source: Hashable


@dataclass(slots=True)
class EventLimits(Generic[E]):
    """Counts the events of a process. Times are seconds of a steady clock. Thread-safe."""

    _windows: dict[tuple[Kind, Hashable], _Window[E]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, kind: Kind, source: Hashable, event: E, now: float, *, known: bool) -> bool:
        """Whether to write this event singly; else it is in a later sum. `known`: the source is no stranger."""
        limit = limit_of(kind)
        with self._lock:
            window = self._windows.get((kind, source))
            if window is not None and not _is_over(window, now) and window.written >= limit.each:
                window.more, window.last = window.more + 1, event
                return False
            if not known:
                strangers = self._open((kind, None), STRANGERS, now)
                if strangers.written >= STRANGERS.each:
                    strangers.more, strangers.last = strangers.more + 1, event
                    return False
                strangers.written += 1
            self._open((kind, source), limit, now).written += 1
            return True

    def put_back(self, kind: Kind, source: Hashable, event: E, now: float, count: int = 1) -> None:
        """Count what was given out to be written, and could not be, in a later sum."""
        with self._lock:
            window = self._open((kind, source), STRANGERS if source is None else limit_of(kind), now)
            window.more, window.last = window.more + count, event

    def sums(self, now: float) -> list[Sum[E]]:
        """Take the sums of the windows that are over."""
        with self._lock:
            over = [(key, window) for key, window in self._windows.items() if window.ends <= now]
            for key, _ in over:
                del self._windows[key]
        return [Sum(window.more, window.last, source) for (_, source), window in over if window.last is not None]

    def next_end(self) -> float | None:
        """When the next sum can be taken; None while there is nothing to sum up."""
        with self._lock:
            return min((window.ends for window in self._windows.values() if window.last is not None), default=None)

    def _open(self, key: tuple[Kind, Hashable], limit: Limit, now: float) -> _Window[E]:
        window = self._windows.get(key)
        if window is None or _is_over(window, now):
            if len(self._windows) >= _SWEEP_ABOVE:
                self._windows = {key: one for key, one in self._windows.items() if not _is_over(one, now)}
            window = self._windows[key] = _Window(now + limit.seconds)
        return window


def _is_over(window: _Window[E], now: float) -> bool:
    """One that has a sum to give goes on until that was taken."""
    return window.ends <= now and window.last is None
