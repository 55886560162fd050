"""After a refused login (401) no call is made for a while, longer each time: the directory locks an account that fails.

An AD account locks after 4 to 7 wrong logins, counted over half an hour by default. With a first pause of two minutes
one client makes three at most in that time, however many campaigns, steps and cycles want to call, whichever Admin
Workstation is asked.
"""

from datetime import datetime, timedelta

import structlog

from services.dialer_sync.ucce.errors import NothingTaken, UcceError
from shared.clock import Clock, SteadyClock

_log = structlog.get_logger(__name__)

FACTORS = (1, 5, 15, 30)  # of the first pause: after the first, second … refusal in a row; the last one stays


class LoginPause:
    """`seconds` is the first pause. The loop asks and tells; `end` may come from any thread."""

    def __init__(self, seconds: float, clock: SteadyClock, now: Clock) -> None:
        self._first = seconds
        self._clock = clock
        self._now = now
        self._refused = 0
        self._over_at = float("-inf")
        self._until: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """When calls are made again; None while they are not paused."""
        return self._until if self._clock() < self._over_at else None

    def require_over(self) -> None:
        """Raises NothingTaken while calls are paused."""
        until = self.until
        if until is not None:
            raise NothingTaken(f"UCCE refused the login; {_advice(until)}", 401)

    def refused(self, error: UcceError) -> None:
        """A call was answered with 401; its error says from now on how long no other is made."""
        seconds = self._first * FACTORS[min(self._refused, len(FACTORS) - 1)]
        self._refused += 1
        self._over_at = self._clock() + seconds
        self._until = until = self._now() + timedelta(seconds=seconds)
        error.add(_advice(until))
        _log.error("ucce_login_refused", in_a_row=self._refused, paused_seconds=seconds, problem=error.message)

    def accepted(self) -> None:
        """UCCE itself answered something else: the login is good."""
        self._refused = 0
        self.end()

    def end(self) -> None:
        """Let the next call be made; if it is refused, the pause after it is the longer one."""
        self._over_at = float("-inf")


def _advice(until: datetime) -> str:
    return (
        f"all calls pause until {until:%H:%M:%S} UTC, so that the account is not locked. Correct CM_UCCE_USER and "
        "CM_UCCE_PASSWORD and restart the worker, or POST /ops/dispatch-now when the account is right again"
    )
