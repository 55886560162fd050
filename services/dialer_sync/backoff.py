"""Waiting longer after each failure in a row, and not at all after a success."""

from shared.clock import SteadyClock, boottime


class Backoff:
    """Times are seconds; `cap` bounds the longest wait."""

    def __init__(self, first: float, cap: float, clock: SteadyClock = boottime) -> None:
        self._first, self._cap, self._clock = first, cap, clock
        self._failures = 0
        self._until = 0.0
        self.reason: str | None = None

    @property
    def failing(self) -> bool:
        """Whether the last try failed."""
        return self._failures > 0

    def failed(self, reason: str) -> None:
        wait = min(self._cap, self._first * 2 ** min(self._failures, 30))
        self._failures += 1
        self._until = self._clock() + wait
        self.reason = reason

    def succeeded(self) -> None:
        self._failures, self._until, self.reason = 0, 0.0, None

    def remaining(self) -> float:
        """How long to wait before the next try; 0 when it may be made now."""
        return max(0.0, self._until - self._clock())
