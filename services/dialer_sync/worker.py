"""The loop: while this node is master, a cycle every interval; else it waits to become it."""

import threading
from typing import Any

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.cycle import run_cycle
from services.dialer_sync.cycle_context import CycleContext, no_checkpoint
from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.errors import LostTransactions, NotMaster, StaleEpoch, WrongClock
from services.dialer_sync.election.fencing import HandOverCount, begin_term, end_term, read_hand_overs
from services.dialer_sync.election.lease import LeaderTerm
from services.dialer_sync.handover.batch_store import Actor, Checkpoint
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
# Seconds for which a master may be unable to work, mostly because it cannot reach the database, before it lets
# another node try.
STOP_TIMEOUT_SECONDS = 20.0
# Seconds for what follows no lease: this node's row, and the note of why a term ended, before the lock is given back.
HEARTBEAT_SECONDS, END_SECONDS = 10.0, 5.0


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
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._resigning = threading.Event()
        self._asked = threading.Event()
        self._next_cycle = 0.0
        self._next_beat = 0.0
        self._role: str | None = None
        self._unable_since: float | None = None
        self._believed: LeaderTerm | None = None
        self._term: CycleContext | None = None
        self._client = UcceClient(
            settings.ucce, self._guard, self.state.ucce.saw, confirm=self._confirm, clock=clock, now=now
        )
        self.leader = Elector(
            settings.zookeeper_hosts,
            settings.zookeeper_root,
            settings.node,
            settings.timing,
            settings.ucce.longest_call,
            on_change=self._wake.set,
            clock=clock,
            now=now,
        )
        self._cycle_clock = CheckedClock(database, self.state, self.leader, now, clock)

    def run(self) -> None:
        """Work until stopped. The call in flight ends and is recorded before the lock is given back."""
        self.leader.start()
        while True:
            self._wake.clear()  # before the flags are read, so that neither is missed
            if self._stopping.is_set():
                break
            try:
                self._round()
            except Exception:
                _log.exception("round_failed")  # whatever it was, the loop goes on
            self._wake.wait(self._pause())
        self._end_term("stopped")
        self.leader.stop()
        self._client.close()
        self._beat("stopped")

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def resign(self) -> None:
        """Let another node be master, after the call in flight."""
        self._resigning.set()
        self._wake.set()

    def dispatch(self) -> None:
        """Run a cycle now, also when UCCE refused the login: a person asks for it."""
        self._client.login.end()
        self._asked.set()
        self._wake.set()

    def is_master(self) -> bool:
        """Whether this node is master and means to stay it."""
        leaving = self._stopping.is_set() or self._resigning.is_set()
        return self.leader.is_leader() and not leaving

    def _guard(self, seconds: float) -> None:
        """Asked before each call to UCCE. Raises NotMaster."""
        self.leader.ensure(self._acting()[0], seconds)

    def _confirm(self, seconds: float) -> None:
        """Asked before the first byte of each body. Raises NotMaster.

        ZooKeeper itself must say that this node is master, and has the count of hand-overs from then on: a database
        that loses what was committed before is noticed.
        """
        believed, term = self._acting()
        self.leader.confirm(believed, seconds, term.hand_overs.value)

    def ucce_status(self) -> dict[str, Any]:
        """How UCCE is; `pausedUntil` says for how long a refused login keeps us from calling it."""
        until = self._client.login.until
        paused = until.isoformat() if until else None
        return self.state.ucce.shown() | {"pausedUntil": paused, "address": self._client.workstations.active}

    def problem(self) -> str | None:
        """What keeps this node from its work, or is wrong in UCCE, in words for an operator."""
        term = self._term
        of_term = (term.problem or term.list_problem()) if term else None
        return self.state.clock_trouble() or self.leader.problem or self.state.database_problem or of_term

    def _left(self, believed: LeaderTerm | None) -> float:
        """Seconds left of the term's lease, the deadline of its work in the database. Asked before each statement: a
        sign of life as well."""
        self.state.beat()
        return self.leader.remaining() if believed is not None and self.leader.mastership() is believed else 0.0

    def _acting(self) -> tuple[LeaderTerm, CycleContext]:
        """The term in which this node is master and means to stay it. Raises NotMaster."""
        self.state.beat()
        if self._stopping.is_set() or self._resigning.is_set():
            raise NotMaster("this worker gives its mastership up")
        if self._believed is None or self._term is None:
            raise NotMaster("this worker is not master")
        return self._believed, self._term

    def _round(self) -> None:
        self.state.beat()
        if self._resigning.is_set():
            self._give_up("resigned")
            self._resigning.clear()
        elif self._unable_since is not None and self._clock() - self._unable_since > STOP_TIMEOUT_SECONDS:
            self._give_up(f"it could not work for {STOP_TIMEOUT_SECONDS:g} s")
        believed = self.leader.mastership()
        if self._term is not None and believed is not self._believed:
            self._end_term(self.leader.ended or "the lease ran out unconfirmed")
        if self._term is None and believed is not None:
            self._begin_term(believed)
        if self._term is not None and (self._asked.is_set() or self._clock() >= self._next_cycle):
            self._asked.clear()
            self._run_cycle(self._term)
        self._beat("master" if self._term is not None else "standby")

    def _begin_term(self, believed: LeaderTerm) -> None:
        try:
            with deadline.following(lambda: self._left(believed)):
                epoch = begin_term(self.database, believed, lambda: self.leader.prove(believed))
                counted = read_hand_overs(self.database)
            if counted > believed.hand_overs:  # a ZooKeeper set up anew, or claims that were never sent
                self.leader.prove(believed, counted)
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
        self._believed = believed
        self._term = CycleContext(
            self.database,
            self.config_cache,
            self._client,
            self.settings,
            Actor(epoch, self.settings.node),
            self._cycle_clock.now,
            self._clock,
            checkpoint=self._checkpoint,
            prove=lambda: self.leader.prove(believed),
            hand_overs=HandOverCount(max(counted, believed.hand_overs)),
            beat=lambda: self._beat("master"),
        )
        self.state.epoch, self.state.since = epoch, believed.since
        self._next_cycle = 0.0
        metrics.MASTER.set(1)
        metrics.EPOCH.set(epoch)
        metrics.TERMS.inc()
        _log.info("term_begun", epoch=epoch)

    def _give_up(self, reason: str) -> None:
        """End the term, if there is one, and let another node be master."""
        self._end_term(reason)
        self._unable_since = None
        self.leader.resign()

    def _note_unable(self, error: Exception) -> None:
        if self._unable_since is None:
            self._unable_since = self._clock()
        self.state.saw_database_fail(error)

    def _end_term(self, reason: str) -> None:
        term, self._term, self._believed = self._term, None, None
        if term is None:
            return
        self.state.epoch = self.state.since = None
        metrics.MASTER.set(0)
        _log.info("term_ended", epoch=term.actor.epoch, reason=reason)
        try:
            with deadline.within(END_SECONDS):
                end_term(self.database, term.actor.epoch, reason, self.now())
        except Unavailable as error:
            _log.warning("term_end_not_recorded", problem=str(error))

    def _run_cycle(self, term: CycleContext) -> None:
        at, began = self.now(), self._clock()
        self._next_cycle = began + self.settings.sync_interval
        believed = self._believed
        try:
            with deadline.following(lambda: self._left(believed)):
                self._cycle_clock.check()
                sentence = run_cycle(term, self.state.ucce.saw_error)
        except StaleEpoch as error:
            sentence = f"stood down: {error}"
            self._give_up(str(error))
        except WrongClock as error:
            sentence = f"stood down: {error}"
            self._end_term(str(error))
        except LostTransactions as error:
            sentence = f"broke off: {error}"
            self._next_cycle = began  # at once: the next one's first step says so and sets the brake
        except NotMaster as error:
            sentence = f"broke off: {error}"
        except Unavailable as error:
            sentence = "broke off: its lease is over"
            if self._left(believed) > 0:
                self._note_unable(error)
                sentence = f"broke off: {self.state.database_problem}"
        except Exception as error:
            self._note_unable(error)
            _log.exception("cycle_failed")
            sentence = "failed unexpectedly; see the log"
        else:
            self._unable_since = self.state.database_problem = None
        seconds = self._clock() - began
        metrics.CYCLE_SECONDS.observe(seconds)
        self.state.last_cycle = Cycle(at, seconds, sentence)
        log = _log.debug if sentence == "nothing to do" else _log.info
        log("cycle", sentence=sentence, seconds=round(seconds, 3), epoch=term.actor.epoch)

    def _pause(self) -> float:
        """Seconds until the loop has something to do by itself."""
        now = self._clock()
        pause = max(0.0, self._next_beat - now)
        if self._term is None:
            return min(pause, RETRY_SECONDS) if self.leader.is_leader() else pause
        retry = self._term.next_try()
        if retry is not None:
            self._next_cycle = min(self._next_cycle, now + retry)
        return max(0.0, min(pause, self._next_cycle - now))

    def _beat(self, role: str) -> None:
        if role == self._role and self._clock() < self._next_beat:
            return
        self._next_beat = self._clock() + heartbeat.INTERVAL_SECONDS
        try:
            with deadline.within(HEARTBEAT_SECONDS):
                self._cycle_clock.compare(self.now())
                told = self.state.told(self.ucce_status(), self.problem())
                heartbeat.write_heartbeat(self.database, self.settings.node, role, told, self.now())
            self._role = role
            if role != "master":
                self.state.database_problem = None  # it answers; whether it is too slow, the next term finds out
        except Unavailable as error:
            _log.warning("heartbeat_not_written", problem=str(error))
