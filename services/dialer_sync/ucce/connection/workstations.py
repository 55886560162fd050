"""Which of UCCE's two Admin Workstations is called: one at a time, the first while it answers.

After two calls in a row that UCCE did not answer in its own words the other one is called. From the second it goes back
to the first when that has answered three readings, a minute apart. What the one that is left was sent may still be
executed: whoever waits for a contact to show in UCCE's list begins to wait anew (cycle_context.py, `begin_grace_anew`).
"""

from collections.abc import Sequence

import structlog

from services.dialer_sync.ucce.errors import UcceError
from shared.clock import SteadyClock

_log = structlog.get_logger(__name__)

UNANSWERED_IN_A_ROW = 2  # calls until the other one is called
TRY_SECONDS = 60.0  # between two readings of the first while the second is called
ANSWERED_IN_A_ROW = 3  # such readings until the first is called again


class Workstations:
    """`addresses` are one or two."""

    def __init__(self, addresses: Sequence[str], clock: SteadyClock) -> None:
        self._addresses = tuple(addresses)
        self._clock = clock
        self._active = 0
        self._unanswered = 0
        self._answered = 0
        self._tried_at = float("-inf")
        self._silent = False  # whether neither has answered since the last change
        self._switched_at = float("-inf")

    @property
    def active(self) -> str:
        return self._addresses[self._active]

    @property
    def first(self) -> str:
        return self._addresses[0]

    @property
    def on_second(self) -> bool:
        return self._active > 0

    def unchanged_for(self) -> float:
        """Seconds since another one was last taken."""
        return self._clock() - self._switched_at

    def call_ended(self, error: UcceError | None) -> bool:
        """Whether the other one is called from now on."""
        if error is None or error.by_ucce or error.status == 401:
            self._unanswered, self._silent = 0, False
            return False
        self._unanswered += 1
        if len(self._addresses) < 2 or self._unanswered < UNANSWERED_IN_A_ROW:
            return False
        log = _log.debug if self._silent else _log.warning  # while neither answers, it is said once
        self._silent = True
        self._switch(1 - self._active)
        log("ucce_failover", to=self.active, reason=error.message)
        return True

    def is_try_due(self) -> bool:
        """Whether the first is to be read once, to see if it answers again."""
        due = self.on_second and self._clock() - max(self._tried_at, self._switched_at) >= TRY_SECONDS
        if due:
            self._tried_at = self._clock()
        return due

    def first_tried(self, answered: bool) -> bool:
        """Whether the first is called again from now on."""
        self._answered = self._answered + 1 if answered else 0
        if self._answered < ANSWERED_IN_A_ROW:
            return False
        self._switch(0)
        _log.info("ucce_back_to_first", to=self.active)
        return True

    def _switch(self, active: int) -> None:
        self._active, self._switched_at = active, self._clock()
        self._unanswered = self._answered = 0
