"""The elector: whether this node is master, for how long it may act as one, and why its last term ended.

One thread competes for the lock and, while master, confirms it. The worker asks `is_leader()` and `remaining()`,
calls `require_lease()` right before each UCCE call, and is told of every change through `on_change`.
"""

import threading
from collections.abc import Callable

import structlog

from services.dialer_sync.election.errors import ElectionError, ElectionUnavailable, LockLost, NotMaster
from services.dialer_sync.election.lease import LeadershipLease, LeaderTerm
from services.dialer_sync.election.timing import Timing
from services.dialer_sync.election.zookeeper_access import OPEN, ZooKeeperAccess
from services.dialer_sync.election.zookeeper_lock import ZooKeeperLock
from shared.clock import Clock, SteadyClock, boottime, utcnow

_log = structlog.get_logger(__name__)

RESIGN_PAUSE_SECONDS = 5.0  # seconds that one who resigned leaves to others, when nobody else stands in the queue
RETRY_SECONDS = 0.2  # seconds between tries when ZooKeeper fails at once
COMPETITOR_POLL_SECONDS = 5.0  # seconds after which a waiting contender looks again, should a watch have been lost


def nothing() -> None:
    """The default hook."""


class Elector:
    """This node's part in the election; `start()`, then ask; `stop()` hands over at once."""

    def __init__(
        self,
        hosts: str,
        root: str,
        node: str,
        timing: Timing,
        ucce_timeout: float,
        *,
        access: ZooKeeperAccess = OPEN,
        on_change: Callable[[], None] = nothing,
        clock: SteadyClock = boottime,
        now: Clock = utcnow,
    ) -> None:
        """`hosts` as kazoo takes them (`a:2181,b:2181`); `root` is the product's path; times are seconds."""
        self._node = node
        self._ucce_timeout = ucce_timeout
        self._on_change = on_change
        self._clock = clock
        self._now = now
        self._lease = LeadershipLease(clock)
        self._lock = ZooKeeperLock(hosts, root, node, timing.session_timeout, self._session_ended, access)
        self._wake = threading.Event()  # set after each change of the three that follow
        self._stopping = False
        self._resigning = False
        self._excluded_because: str | None = None
        self._thread = threading.Thread(target=self._run, name="election", daemon=True)
        self.problem: str | None = "the election has not begun"

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End the term, give the lock back and end the session; waits `timeout` seconds at most for that."""
        self._stopping = True
        self._lease.end("stopped")
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def resign(self) -> None:
        """Give the lock to whoever is next, and stand behind them."""
        self._resigning = True
        self._lease.end("resigned")
        self._wake.set()

    def exclude(self, reason: str) -> None:
        """Stay out of the queue until `include()`: this node must not be master, for `reason`."""
        self._excluded_because = reason
        self._lease.end(reason)
        self._wake.set()

    def include(self) -> None:
        """Compete again, if excluded."""
        if self._excluded_because is not None:
            self._excluded_because = None
            self._wake.set()

    def current_term(self) -> LeaderTerm | None:
        """The term this node is master of right now, or None."""
        return self._lease.current()

    def is_leader(self) -> bool:
        return self._lease.current() is not None

    def remaining(self) -> float:
        """Seconds this node may still act as master without another confirmation."""
        return self._lease.remaining()

    @property
    def end_reason(self) -> str | None:
        """Why the last term ended, in words."""
        return self._lease.end_reason

    def require_lease(self, term: LeaderTerm, seconds: float) -> None:
        """Return when this node may act in `term` for `seconds` more, confirming the lock now if needed.

        Raises NotMaster. Call it immediately before what should not be done by two.
        """
        if self._lease.current() is term and self._lease.remaining() < seconds:
            self.verify(term)
        self._require(term, seconds)

    def confirm(self, term: LeaderTerm, seconds: float, hand_overs: int) -> None:
        """As `require_lease`, but always by a write on the server, which keeps the count of hand-overs there as well.

        The lease alone says nothing on a machine that was paused together with its clock. What remains of it is
        counted from before the confirmation was asked for. Call it immediately before what must not be done by two.
        """
        if self._lease.current() is term:
            self.verify(term, hand_overs)
        self._require(term, seconds)

    def _require(self, term: LeaderTerm, seconds: float) -> None:
        if self._lease.current() is not term or self._lease.remaining() < seconds:
            raise NotMaster(self.end_reason or "the lease is too short for this call")

    def verify(self, term: LeaderTerm, hand_overs: int | None = None) -> None:
        """Confirm on the server, now, that `term` still holds, and keep the count there if given. Raises NotMaster."""
        try:
            self._confirm(term, hand_overs)
        except ElectionError as error:
            raise NotMaster(f"mastership could not be confirmed: {error}") from error

    def _run(self) -> None:
        while not self._stopping:
            try:
                if not self._is_excluded():
                    self._campaign()
            except ElectionError as error:
                self._note_problem(str(error))
            except Exception:
                # Whatever it is, the loop goes on: else this node would never compete again.
                _log.exception("election_failed")
                self._note_problem("the election failed unexpectedly; see the log")
            if self.problem:
                self._wake.wait(RETRY_SECONDS)
                self._wake.clear()
        self._lock.close()

    def _campaign(self) -> None:
        """Compete once, be master until it ends, give the place up."""
        self._lock.open()
        term = self._acquire()
        if term is not None:
            self._renew_until_lost(term)
        self._lock.release()
        if self._resigning:
            self._yield_to_others()

    def _is_excluded(self) -> bool:
        """Whether this node is excluded; if so, that is what keeps it from being master."""
        excluded = self._excluded_because
        if excluded is None:
            return False
        self._note_problem(excluded)
        self._resigning = False
        return True

    def _acquire(self) -> LeaderTerm | None:
        """Stand in the queue until first. None when asked to stop, to resign or to stay out meanwhile."""
        problem = self._lock.timing.problem(self._ucce_timeout)
        if problem:
            raise ElectionUnavailable(f"the ZooKeeper server grants too short a session: {problem}")
        self._lock.join()
        self._note_problem(None)
        while True:
            # Before the flags are read: what is asked for from here on is seen by one of the three.
            self._wake.clear()
            revocations = self._lease.revocations
            if self._stopping or self._resigning or self._excluded_because is not None:
                return None
            if self._lock.wait_for_turn(self._wake, COMPETITOR_POLL_SECONDS):
                return self._begin(revocations)

    def _begin(self, revocations: int) -> LeaderTerm | None:
        asked_at = self._clock()
        epoch = self._lock.verify()
        term = LeaderTerm(epoch, self._now(), self._node, self._lock.hand_overs())
        if not self._lease.begin(term, asked_at + self._lock.timing.lease, revocations):
            return None
        _log.info("became_master", epoch=term.epoch)
        self._on_change()
        return term

    def _renew_until_lost(self, term: LeaderTerm) -> None:
        """Confirm the lock until the term ends, and say why it did."""
        pause = self._lock.timing.confirm_interval
        while self._lease.current() is term:
            self._wake.wait(min(pause, self._lease.remaining()))
            self._wake.clear()
            if self._lease.current() is not term:
                break
            try:
                self._confirm(term)
                pause = self._lock.timing.confirm_interval
            except LockLost as error:
                self._lease.end(str(error))
            except ElectionUnavailable as error:
                self._note_problem(str(error))
                pause = RETRY_SECONDS
        self._lease.end("the lease ran out unconfirmed")
        _log.warning("mastership_ended", epoch=term.epoch, reason=self.end_reason)
        self._on_change()

    def _confirm(self, term: LeaderTerm, hand_overs: int | None = None) -> None:
        asked_at = self._clock()
        if self._lock.verify(hand_overs) != term.epoch:
            raise LockLost("the lock node is another one")
        if not self._lease.extend(term, asked_at + self._lock.timing.lease):
            raise LockLost("the confirmation came too late")

    def _yield_to_others(self) -> None:
        """Stay out of the queue until somebody else stands in it, or for a while."""
        until = self._clock() + RESIGN_PAUSE_SECONDS
        while not self._stopping and self._clock() < until and not self._lock.has_competitors():
            self._wake.wait(RETRY_SECONDS)
            self._wake.clear()
        self._resigning = False

    def _session_ended(self, reason: str) -> None:
        self._lease.end(reason)
        self._wake.set()

    def _note_problem(self, problem: str | None) -> None:
        if problem != self.problem:
            self.problem = problem
            _log.warning("election_problem", problem=problem) if problem else _log.info("election_joined")
