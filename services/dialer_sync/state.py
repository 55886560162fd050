"""What a worker knows of itself, for health checks, operators and the live view. The loop writes, requests read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dialer_sync import metrics
from services.dialer_sync.ucce.availability import UcceAvailability
from shared.clock import Clock, SteadyClock, boottime, utcnow
from shared.db.clock_skew import skew_problem


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle that ended: when it began, how many seconds it took, what it did."""

    at: datetime
    seconds: float
    sentence: str

    def shown(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "seconds": round(self.seconds, 3), "sentence": self.sentence}


class WorkerState:
    """Each attribute is replaced as a whole, so readers need no lock."""

    def __init__(self, clock: SteadyClock = boottime, now: Clock = utcnow) -> None:
        self._clock = clock
        self._beat_at = clock()
        self.epoch: int | None = None
        self.since: datetime | None = None
        self.last_cycle: Cycle | None = None
        self.ucce = UcceAvailability(clock, now)
        self.clock_off: float | None = None  # seconds ahead of the database's, when last compared

    def beat(self) -> None:
        """The loop is alive."""
        self._beat_at = self._clock()

    def silence(self) -> float:
        """Seconds since the loop was last seen alive."""
        return self._clock() - self._beat_at

    def saw_clock(self, off: float) -> None:
        """This node's clock was compared with the database's."""
        self.clock_off = off
        metrics.CLOCK_OFF.set(off)

    def clock_trouble(self) -> str | None:
        """What is wrong with this node's clock, in words; None while nothing is known against it."""
        return None if self.clock_off is None else skew_problem(self.clock_off)

    def clock(self) -> dict[str, Any]:
        off = self.clock_off
        return {"secondsOff": None if off is None else round(off, 1), "problem": self.clock_trouble()}
