"""One cycle of the master: its steps in their order, and one sentence about what they did."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.dialer_sync import metrics
from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.handover.batch_store import is_anything_due
from services.dialer_sync.steps import (
    audit_chain,
    campaigns,
    do_not_call,
    drift,
    erasure,
    expiry,
    hand_over,
    lost_transactions,
    probe,
    results,
    retention,
    self_check,
    settle,
    slots,
)
from services.dialer_sync.ucce.errors import UcceError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    run: Callable[[CycleContext], str | None]
    calls_ucce: bool
    while_behind: bool = False  # runs although the database is known to have lost transactions


HAND_OVER = Step("hand_over", hand_over.run, True)
DUE_POLL_SECONDS = 0.2  # seconds between two looks for what has fallen due while lists are read

# Lost transactions are noticed first. Then what is due is handed over, so that a new master's first import does not
# wait for steps that can.
STEPS = (
    Step("lost_transactions", lost_transactions.run, True, while_behind=True),
    Step("campaigns", campaigns.run, True),
    Step("expiry", expiry.run, False),
    Step("erasure", erasure.run, False),
    Step("do_not_call", do_not_call.run, False),
    HAND_OVER,
    Step("settle", settle.run, True),
    Step("results", results.run, True),
    Step("drift", drift.run, True),
    Step("probe", probe.run, True, while_behind=True),
    Step("self_check", self_check.run, False),
    Step("slots", slots.run, False),
    Step("audit_chain", audit_chain.run, False, while_behind=True),
    Step("retention", retention.run, False),
)


def run_cycle(context: CycleContext, on_error: Callable[[UcceError], None]) -> str:
    """Run the steps; what they did, in one sentence. Raises NotMaster, Unavailable.

    A step that UCCE fails is tried again later and later; the others go on, unless UCCE does not answer at all.
    """
    cycle = _Cycle(context)
    context.on_error, context.again = on_error, False
    context.before_reading = cycle.hand_over_what_is_due
    for step in STEPS:
        cycle.run(step)
    return ("; ".join(cycle.summaries) or "nothing to do")[:1000]


class _Cycle:
    """What the steps of one cycle reported, and whether UCCE can be reached."""

    def __init__(self, context: CycleContext) -> None:
        paused_until = context.client.login.until
        self.summaries = [f"UCCE refuses the login: no call before {paused_until:%H:%M:%S} UTC"] if paused_until else []
        self._context = context
        self._out_of_reach = paused_until is not None

    def run(self, step: Step) -> None:
        context = self._context
        backoff = context.backoff(step.name)
        if context.behind and not step.while_behind:
            return
        if step.calls_ucce and (self._out_of_reach or backoff.remaining() > 0):
            return
        try:
            context.begin_step()
            summary = step.run(context)
        except UcceError as error:
            self._out_of_reach = self._out_of_reach or error.unreachable or error.status == 401
            log = _log.debug if backoff.reason == error.message else _log.warning
            backoff.failed(error.message)
            context.note_silence(error)
            metrics.CYCLES_FAILED.labels(step.name).inc()
            log("step_failed", step=step.name, problem=error.message, again_in=round(backoff.remaining(), 1))
            context.on_error(error)
            self.summaries.append(f"{step.name}: {error.message}")
            return
        if step.name != HAND_OVER.name:  # that one has succeeded when UCCE took something
            backoff.succeeded()
        if summary and summary not in self.summaries:
            self.summaries.append(summary)

    def hand_over_what_is_due(self) -> None:
        """Between two pages of a list, so that no callback waits until all of it is read."""
        context = self._context
        if context.behind or context.clock() - context.due_looked_at < DUE_POLL_SECONDS:
            return
        context.due_looked_at = context.clock()
        if is_anything_due(context.database, list(context.config_cache.current().campaign_by_id), context.now()):
            self.run(HAND_OVER)
