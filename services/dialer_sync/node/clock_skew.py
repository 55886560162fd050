"""The wall clock of a cycle: compared with the database's before it, and no jump in its midst."""

from datetime import datetime, timedelta

import structlog

from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.errors import WrongClock
from services.dialer_sync.node.status import WorkerState
from shared.clock import Clock, SteadyClock
from shared.db.clock_skew import measure_skew
from shared.db.session import Database

_log = structlog.get_logger(__name__)


class CheckedClock:
    """`now()` is the time as a cycle sees it, from the last `check()` on by the steady clock."""

    def __init__(
        self, database: Database, state: WorkerState, elector: Elector, wall_clock: Clock, clock: SteadyClock
    ) -> None:
        self._database, self._state, self._elector = database, state, elector
        self._wall_clock, self._clock = wall_clock, clock
        self._anchor, self._anchored_at = wall_clock(), clock()

    def now(self) -> datetime:
        return self._anchor + timedelta(seconds=self._clock() - self._anchored_at)

    def check(self) -> None:
        """Take the time for the cycle that begins. Raises WrongClock, Unavailable."""
        here, self._anchored_at = self._wall_clock(), self._clock()
        self.compare(here)
        problem = self._state.clock_problem()
        if problem is not None:
            raise WrongClock(problem)
        self._anchor = here

    def compare(self, here: datetime) -> None:
        """Keep this node out of the election for as long as its clock is wrong. Raises Unavailable."""
        before = self._state.clock_problem()
        self._state.record_clock_skew(measure_skew(self._database, here))
        problem = self._state.clock_problem()
        if problem is None:
            self._elector.include()
            return
        self._elector.exclude(problem)
        if before is None:
            _log.error("clock_wrong", problem=problem, cure="set this node's clock, or the database server's")
