"""Whether UCCE works for us: the one place that decides it, from the ends of all calls.

A call fails when UCCE does not do its work: no answer, an answer that is not UCCE's own (a login page, a proxy's
error), or one that says "not now" or "not you". A refusal of what was asked (an invalid field, an unknown
campaign, a stale changeStamp) is no failure: UCCE has worked. UCCE is down

- while the newest call failed in a way that concerns every call (no answer, 401, 403, 429, 503), or the newest two
  failed in whichever way;
- while several campaigns fail, or every one that is called: a campaign fails while the newest two calls of one kind to
  it have failed. A failure counts for FORGOTTEN_SECONDS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.ucce.errors import UcceError
from shared.clock import Clock, SteadyClock, boottime, utcnow

_log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 2  # calls; one alone may have met a restart, or a connection that broke
FORGOTTEN_SECONDS = 600.0  # after its last call nothing more is known of a campaign


@dataclass(frozen=True, slots=True)
class Call:
    """A call to UCCE that has ended. `campaign` is its id in UCCE, None for a call that concerns no single one.

    `outcome` is `ok`, the status of the answer, or what was raised.
    """

    kind: str
    method: str
    campaign: int | None
    outcome: str
    seconds: float
    error: UcceError | None = None

    @property
    def failed(self) -> bool:
        """Whether UCCE did not do its work; a refusal of what was asked is none."""
        error = self.error
        if error is None:
            return False
        if not error.by_ucce or error.status is None:
            return True
        if self.method == "GET":
            return error.status != 404 or self.campaign is None
        refusals = (400, 404, 409) if self.method == "PUT" else (400, 404)
        return error.status not in refusals and error.status >= 300


Observe = Callable[[Call], None]
_Operation = tuple[str, str, int | None]


@dataclass(slots=True)
class _Failures:
    in_a_row: int
    at: float


class UcceAvailability:
    """Sees every call. `up` is None before the first; the loop writes, requests read."""

    def __init__(self, clock: SteadyClock = boottime, now: Clock = utcnow) -> None:
        self._clock = clock
        self._now = now
        self.up: bool | None = None
        self.last_error: dict[str, Any] | None = None
        self._in_a_row = 0
        self._failing: dict[_Operation, _Failures] = {}
        self._called: dict[int, float] = {}
        self._said: dict[_Operation, tuple[int | None, str]] = {}

    def record_call(self, call: Call) -> None:
        """A call ended; one that was given up before it was made says nothing."""
        metrics.observe_call(call.kind, call.outcome, call.seconds)
        if call.error is None and call.outcome != "ok":
            return
        now, operation = self._clock(), (call.method, call.kind, call.campaign)
        if call.campaign is not None:
            self._called[call.campaign] = now
        if call.failed:
            self._in_a_row += 1
            before = self._failing.get(operation)
            self._failing[operation] = _Failures(before.in_a_row + 1 if before else 1, now)
        else:
            self._in_a_row = 0
            self._failing.pop(operation, None)
        if call.error is not None:
            self._note_error(operation, call.error)
        elif self._said.pop(operation, None):
            _log.info("ucce_call_works_again", kind=call.kind, method=call.method, campaign=call.campaign)
        self._decide(call, now)

    def record_error(self, error: UcceError) -> None:
        """What an answer says is wrong in UCCE, or follows from several answers."""
        self.last_error = {"at": self._now().isoformat(), "message": error.message, "status": error.status}

    def to_dict(self) -> dict[str, Any]:
        return {"reachable": self.up, "lastError": self.last_error}

    def _note_error(self, operation: _Operation, error: UcceError) -> None:
        """Kept and counted each time, logged when it is another one than before."""
        method, kind, campaign = operation
        status = "none" if error.status is None else str(error.status)
        metrics.UCCE_FAILED_CALLS.labels(kind, status).inc()
        self.record_error(error)
        if method == "POST" and error.taken == "no" and error.permanent:
            return  # refused contacts are logged where it is decided what follows, one by one
        if self._said.get(operation) != (error.status, error.message):
            self._said[operation] = (error.status, error.message)
            _log.warning(
                "ucce_call_failed", kind=kind, method=method, campaign=campaign, status=error.status,
                problem=error.message,
            )  # fmt: skip

    def _decide(self, call: Call, now: float) -> None:
        reason = self._reason(call, now)
        up = reason is None
        if up is self.up:
            return
        first, self.up = self.up is None, up
        metrics.UCCE_UP.set(up)
        if reason is not None:
            _log.error("ucce_down", reason=reason, problem=call.error.message if call.error else None)
        elif not first:
            _log.info("ucce_up")

    def _reason(self, call: Call, now: float) -> str | None:
        """Why UCCE is down, or None."""
        if call.failed and call.error is not None and call.error.concerns_all:
            return "the call failed in a way that concerns all"
        if self._in_a_row >= FAILURES_IN_A_ROW:
            return f"the newest {self._in_a_row} calls failed"
        self._forget(now)
        failing = {
            campaign
            for (_, _, campaign), failures in self._failing.items()
            if failures.in_a_row >= FAILURES_IN_A_ROW and campaign
        }
        if len(failing) > 1:
            return f"{len(failing)} campaigns fail"
        return "every campaign fails" if failing and failing == self._called.keys() else None

    def _forget(self, now: float) -> None:
        since = now - FORGOTTEN_SECONDS
        self._failing = {operation: one for operation, one in self._failing.items() if one.at >= since}
        self._called = {campaign: at for campaign, at in self._called.items() if at >= since}
