"""The loop: while this node is master, a cycle every interval; else it waits to become it."""

import threading
from typing import Any, NamedTuple

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.cycle import run_cycle
from services.dialer_sync.cycle_context import CycleContext, no_checkpoint
from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.errors import LostTransactions, NotMaster, StaleEpoch, WrongClock
from services.dialer_sync.election.fencing import HandOverCount, begin_term, end_term, read_hand_overs
from services.dialer_sync.election.lease import LeaderTerm
from services.dialer_sync.handover.batch_store import Checkpoint, FencedActor
from services.dialer_sync.node import heartbeat
from services.dialer_sync.node.clock_skew import CheckedClock
from services.dialer_sync.node.status import Cycle, WorkerState
from services.dialer_sync.settings import WorkerSettings
from services.dialer_sync.ucce.client import UcceClient
from shared import deadline
from shared.callbacks.config_cache import ConfigCache
from shared.clock import Clock, SteadyClock, boottime, utcnow
from shared.db.session import Database
from shared.errors import Unavailable

_log = structlog.get_logger(__name__)

RETRY_SECONDS = 1.0  # seconds until a term that could not begin is tried again
MAX_UNABLE_SECONDS = 20.0  # for which a master may be unable to work before it lets another node try
# Seconds for what follows no lease: this node's row, and the note of why a term ended, before the lock is given back.
HEARTBEAT_SECONDS, END_SECONDS = 10.0, 5.0


class _Leading(NamedTuple):
    """The term that was entered in the database, and the state of its cycles."""

    term: LeaderTerm
    context: CycleContext


class Worker:
    """One node's part: `run()` until `stop()`, which may come from any thread, as `resign()` and `dispatch()` may."""

    def __init__(
        self,
        settings: WorkerSettings,
        *,
        database: Database,
        now: Clock = utcnow,
        clock: SteadyClock = boottime,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        self.settings = settings
        self.database = database
        self.config_cache = ConfigCache(database)
        self.state = WorkerState(clock, now)
        self.now = now
        self._clock = clock
        self._checkpoint = checkpoint
        self._wake = threading.Event()  # set after each change of the three that follow
        self._stopping = False
        self._resigning = False
        self._cycle_requested = False
        self._next_cycle = 0.0
        self._next_heartbeat = 0.0
        self._role: str | None = None
        self._unable_since: float | None = None
        self._leading: _Leading | None = None
        self._client = UcceClient(
            settings.ucce, self._guard, self.state.ucce.record_call, confirm=self._confirm, clock=clock, now=now
        )
        self.elector = Elector(
            settings.zookeeper_hosts,
            settings.zookeeper_root,
            settings.node,
            settings.timing,
            settings.ucce.longest_call,
            access=settings.zookeeper_access,
            on_change=self._wake.set,
            clock=clock,
            now=now,
        )
        self._cycle_clock = CheckedClock(database, self.state, self.elector, now, clock)

    def run(self) -> None:
        """Work until stopped. The call in flight ends and is recorded before the lock is given back."""
        self.elector.start()
        while True:
            self._wake.clear()  # before the flags are read, so that neither is missed
            if self._stopping:
                break
            try:
                self._round()
            except Exception:
                _log.exception("round_failed")  # whatever it was, the loop goes on
            self._wake.wait(self._pause())
        self._end_term("stopped")
        self.elector.stop()
        self._client.close()
        self._heartbeat("stopped")

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    def resign(self) -> None:
        """Let another node be master, after the call in flight."""
        self._resigning = True
        self._wake.set()

    def dispatch(self) -> None:
        """Run a cycle now, also when UCCE refused the login: a person asks for it."""
        self._client.login.end()
        self._cycle_requested = True
        self._wake.set()

    def is_master(self) -> bool:
        """Whether this node is master and means to stay it."""
        leaving = self._stopping or self._resigning
        return self.elector.is_leader() and not leaving

    def _guard(self, seconds: float) -> None:
        """Asked before each call to UCCE. Raises NotMaster."""
        self.elector.require_lease(self._acting().term, seconds)

    def _confirm(self, seconds: float) -> None:
        """Asked before the first byte of each body. Raises NotMaster.

        ZooKeeper itself must say that this node is master, and has the count of hand-overs from then on: a database
        that loses what was committed before is noticed.
        """
        term, context = self._acting()
        self.elector.confirm(term, seconds, context.hand_overs.value)

    def ucce_status(self) -> dict[str, Any]:
        """How UCCE is; `pausedUntil` says for how long a refused login keeps us from calling it."""
        until = self._client.login.until
        paused = until.isoformat() if until else None
        return self.state.ucce.to_dict() | {"pausedUntil": paused, "address": self._client.workstations.active}

    def problem(self) -> str | None:
        """What keeps this node from its work, or is wrong in UCCE, for an operator."""
        state, leading = self.state, self._leading
        of_term = (leading.context.problem or leading.context.list_problem()) if leading else None
        problem = state.clock_problem() or self.elector.problem or state.database_problem
        return problem or of_term or state.slow_database()

    def _left(self, term: LeaderTerm) -> float:
        """Seconds left of the term's lease, the deadline of its work in the database. Asked before each statement: a
        sign of life as well."""
        self.state.heartbeat()
        return self.elector.remaining() if self.elector.current_term() is term else 0.0

    def _acting(self) -> _Leading:
        """The term in which this node is master and means to stay it. Raises NotMaster."""
        self.state.heartbeat()
        if self._stopping or self._resigning:
            raise NotMaster("this worker gives its mastership up")
        if self._leading is None:
            raise NotMaster("this worker is not master")
        return self._leading

    def _round(self) -> None:
        self.state.heartbeat()
        if self._resigning:
            self._give_up("resigned")
            self._resigning = False
        elif self._unable_since is not None and self._clock() - self._unable_since > MAX_UNABLE_SECONDS:
            self._give_up(f"it could not work for {MAX_UNABLE_SECONDS:g} s")
        term = self.elector.current_term()
        if self._leading is not None and term is not self._leading.term:
            self._end_term(self.elector.end_reason or "the lease ran out unconfirmed")
        if self._leading is None and term is not None:
            self._begin_term(term)
        if self._leading is not None and (self._cycle_requested or self._clock() >= self._next_cycle):
            self._cycle_requested = False
            self._run_cycle(self._leading)
        self._heartbeat("master" if self._leading is not None else "standby")

    def _begin_term(self, term: LeaderTerm) -> None:
        try:
            with deadline.following(lambda: self._left(term)):
                epoch = begin_term(self.database, term, lambda: self.elector.verify(term))
                counted = read_hand_overs(self.database)
            if counted > term.hand_overs:  # a ZooKeeper set up anew, or claims that were never sent
                self.elector.verify(term, counted)
        except StaleEpoch as error:
            _log.warning("term_not_begun", problem=str(error))
            self._give_up(str(error))
            return
        except NotMaster as error:
            _log.warning("term_not_begun", problem=str(error))
            return
        except Exception as error:
            self._note_unable(error)
            log = _log.warning if isinstance(error, Unavailable) else _log.exception
            log("term_not_begun", problem=str(error))
            return
        context = CycleContext(
            self.database, self.config_cache, self._client, self.settings, FencedActor(epoch, self.settings.node),
            self._cycle_clock.now, self._clock, checkpoint=self._checkpoint,
            verify_lock=lambda: self.elector.verify(term), hand_overs=HandOverCount(max(counted, term.hand_overs)),
            heartbeat=lambda: self._heartbeat("master"),
        )  # fmt: skip
        self._leading = _Leading(term, context)
        self.state.epoch, self.state.since = epoch, term.since
        self._next_cycle = 0.0
        metrics.MASTER.set(1)
        metrics.EPOCH.set(epoch)
        metrics.TERMS.inc()
        _log.info("term_begun", epoch=epoch)

    def _give_up(self, reason: str) -> None:
        """End the term, if there is one, and let another node be master."""
        self._end_term(reason)
        self._unable_since = None
        self.elector.resign()

    def _note_unable(self, error: Exception) -> None:
        if self._unable_since is None:
            self._unable_since = self._clock()
        self.state.record_database_failure(error)

    def _end_term(self, reason: str) -> None:
        leading, self._leading = self._leading, None
        if leading is None:
            return
        epoch = leading.context.actor.epoch
        self.state.epoch = self.state.since = None
        metrics.MASTER.set(0)
        _log.info("term_ended", epoch=epoch, reason=reason)
        try:
            with deadline.within(END_SECONDS):
                end_term(self.database, epoch, reason, self.now())
        except Unavailable as error:
            _log.warning("term_end_not_recorded", problem=str(error))

    def _run_cycle(self, leading: _Leading) -> None:
        term, context = leading
        at, began = self.now(), self._clock()
        self._next_cycle = began + self.settings.sync_interval
        try:
            with deadline.following(lambda: self._left(term)):
                self._cycle_clock.check()
                summary = run_cycle(context, self.state.ucce.record_error)
        except StaleEpoch as error:
            summary = f"stood down: {error}"
            self._give_up(str(error))
        except WrongClock as error:
            summary = f"stood down: {error}"
            self._end_term(str(error))
        except LostTransactions as error:
            summary = f"broke off: {error}"
            self._next_cycle = began  # at once: the next one's first step says so and sets the brake
        except NotMaster as error:
            summary = f"broke off: {error}"
        except Unavailable as error:
            summary = "broke off: its lease is over"
            if self._left(term) > 0:
                self._note_unable(error)
                summary = f"broke off: {self.state.database_problem}"
        except Exception as error:
            self._note_unable(error)
            _log.exception("cycle_failed")
            summary = "failed unexpectedly; see the log"
        else:
            self._unable_since = self.state.database_problem = None
        seconds = self._clock() - began
        metrics.CYCLE_SECONDS.observe(seconds)
        self.state.last_cycle = Cycle(at, seconds, summary)
        log = _log.debug if summary == "nothing to do" else _log.info
        log("cycle", sentence=summary, seconds=round(seconds, 3), epoch=context.actor.epoch)

    def _pause(self) -> float:
        """Seconds until the loop has something to do by itself."""
        now = self._clock()
        pause = max(0.0, self._next_heartbeat - now)
        if self._leading is None:
            return min(pause, RETRY_SECONDS) if self.elector.is_leader() else pause
        retry = self._leading.context.next_try()
        if retry is not None:
            self._next_cycle = min(self._next_cycle, now + retry)
        return max(0.0, min(pause, self._next_cycle - now))

    def _heartbeat(self, role: str) -> None:
        if role == self._role and self._clock() < self._next_heartbeat:
            return
        self._next_heartbeat = self._clock() + heartbeat.INTERVAL_SECONDS
        try:
            with deadline.within(HEARTBEAT_SECONDS):
                self._cycle_clock.compare(self.now())
                self.state.database_answers = self.database.answer_seconds
                status = self.state.to_dict(self.ucce_status(), self.problem())
                heartbeat.write_heartbeat(self.database, self.settings.node, role, status, self.now())
            self._role = role
            if role != "master":
                self.state.database_problem = None  # it answers; whether it is too slow, the next term finds out
        except Unavailable as error:
            _log.warning("heartbeat_not_written", problem=str(error))
