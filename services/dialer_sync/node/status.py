"""The status of this worker, for health checks, operators and the live view. The loop writes, requests read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dialer_sync import metrics
from services.dialer_sync.ucce.connection.availability import UcceAvailability
from shared.clock import Clock, SteadyClock, boottime, utcnow
from shared.db.clock_skew import skew_problem
from shared.db.error_classes import ErrorClass, classify
from shared.deadline import DeadlinePassed
from shared.errors import Unavailable

DATABASE_SILENT = "the database does not answer"
DATABASE_TOO_SLOW = (
    "the database is too slow: a transaction would outlast this node's lease; see what keeps the server busy, or lower "
    "CM_BATCH_SIZE"
)
SLOW_ANSWER_SECONDS = 0.3  # the shortest of the last answers: a cycle with its many statements lasts long then


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle that ended: when it began, how many seconds it took, what it did."""

    at: datetime
    seconds: float
    summary: str

    def to_dict(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "seconds": round(self.seconds, 3), "sentence": self.summary}


class WorkerState:
    """Each attribute is replaced as a whole, so readers need no lock."""

    def __init__(self, clock: SteadyClock = boottime, now: Clock = utcnow) -> None:
        self._clock = clock
        self._heartbeat_at = clock()
        self.epoch: int | None = None
        self.since: datetime | None = None
        self.last_cycle: Cycle | None = None
        self.ucce = UcceAvailability(clock, now)
        self.database_problem: str | None = None  # why the last cycle broke off, while it was the database
        self.database_answers = 0.0  # seconds that an answer of its server took, when last compared
        self.clock_off: float | None = None  # seconds ahead of the database's, when last compared

    def heartbeat(self) -> None:
        """The loop is alive."""
        self._heartbeat_at = self._clock()

    def seconds_since_heartbeat(self) -> float:
        """Seconds since the loop was last seen alive."""
        return self._clock() - self._heartbeat_at

    def record_database_failure(self, error: Exception) -> None:
        """The work of a term could not be done; for the database's sake when it is an Unavailable."""
        if not isinstance(error, Unavailable):
            return
        slow = isinstance(error, DeadlinePassed) or classify(error.__cause__ or error) is ErrorClass.SLOW
        self.database_problem = DATABASE_TOO_SLOW if slow else DATABASE_SILENT

    def record_clock_skew(self, off: float) -> None:
        """This node's clock was compared with the database's."""
        self.clock_off = off
        metrics.CLOCK_OFF.set(off)

    def slow_database(self) -> str | None:
        """That the database answers slowly, in words: hand-overs are late then. None while it does not."""
        seconds = self.database_answers
        if seconds < SLOW_ANSWER_SECONDS:
            return None
        return f"the database is slow: each answer takes {seconds:.1f} s, so a cycle takes long and calls may be late"

    def clock_problem(self) -> str | None:
        """What is wrong with this node's clock; None while nothing is known against it."""
        return None if self.clock_off is None else skew_problem(self.clock_off)

    def to_dict(self, ucce: dict[str, Any], problem: str | None) -> dict[str, Any]:
        """What this node's row in the database says of it."""
        return {
            "epoch": self.epoch,
            "since": self.since.isoformat() if self.since else None,
            "lastCycle": self.last_cycle.to_dict() if self.last_cycle else None,
            "ucce": ucce,
            "problem": problem,
        }

    def clock(self) -> dict[str, Any]:
        off = self.clock_off
        return {"secondsOff": None if off is None else round(off, 1), "problem": self.clock_problem()}
