"""The master's real steps as single calls, for tests that interleave them with clients."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from services.admin_api.callbacks import bulk_cancel
from services.admin_api.callbacks.filters import BulkCancel
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.roles import Role
from services.admin_api.jobs.runner import JobRunner
from services.dialer_sync.cycle_context import no_checkpoint
from services.dialer_sync.handover.batch_store import claim, longest_due, oldest_deliverable_slot
from services.dialer_sync.handover.callable_now import read_callable_now
from services.dialer_sync.handover.campaign_target import campaign_targets
from services.dialer_sync.steps import do_not_call, expiry, hand_over, results, settle
from services.dialer_sync.ucce.errors import UcceError
from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.support.configured_database import NOW, World

GRACE = 4.0  # seconds, by the master's steady clock
EXPIRE_MINUTES = 60

_batches = itertools.count(1)


def claim_only(master: MasterFixture, size: int = 500) -> list[str]:
    """Claim as a master that dies before its import; returns the account numbers."""
    now = master.clock.now
    floor, campaign_id = oldest_deliverable_slot(now, EXPIRE_MINUTES), master.world.campaign_id
    (target,) = [one for one in campaign_targets(master.world.database) if one.id == campaign_id]
    due: Any = {"now": now, "floor": floor,
                "callable_now": read_callable_now(master.world.database, target, now)}  # fmt: skip
    chosen = [one.account_number for one in longest_due(master.world.database, campaign_id, size, **due)]
    taken = claim(
        master.world.database, master.context.actor, f"BATCH{next(_batches):021}", campaign_id, chosen,
        ucce_id=master.campaign().ucce_id, count=master.context.hand_overs, checkpoint=no_checkpoint, **due,
    )  # fmt: skip
    return [one.account_number for one in taken]


def hand_over_all(master: MasterFixture) -> None:
    master.context.backoffs.clear()
    hand_over.run(master.context)


def hand_over_unanswered(master: MasterFixture) -> None:
    """Hand over; UCCE takes the batch, and its answer is lost."""
    master.simulator.control.next_answer(kind="import", method="POST", reset="after")
    try:
        hand_over_all(master)
    except UcceError:
        pass
    finally:
        master.simulator.control.clear_next_answers()


def settle_all(master: MasterFixture) -> None:
    """Read UCCE's list until the settle grace is over."""
    master.context.backoffs.clear()
    for _ in range(6):
        settle.run(master.context)
        master.clock.steady += GRACE / 4


def expire(master: MasterFixture) -> None:
    master.context.begin_step()
    expiry.run(master.context)


def apply_do_not_call(master: MasterFixture) -> None:
    master.context.begin_step()
    do_not_call.run(master.context)


def read_results(master: MasterFixture, code: int) -> None:
    """Have the dialer dial all contacts with this result, and the master read the results."""
    control = master.simulator.control
    control.dialer(paused=False, mix={str(code): 1.0}, pickupSeconds=0, dialSeconds=0, lines=1000)
    control.dialer(advance=1)
    control.dialer(advance=1)
    control.dialer(paused=True)
    master.context.backoffs.clear()
    results.run(master.context)


def cancel_in_bulk(world: World, start: datetime, end: datetime) -> int:
    """Cancel as an operator does: read the count, then cancel with it. Raises `count_changed`."""
    snapshot = world.config_cache.current()
    chosen = BulkCancel(
        q=None, phone=None, account_number=None, skill_id=None, campaign_id=None, from_=start.isoformat(),
        to=end.isoformat(), status=[], without_result=False, total=None, count=None,
        reason=f"closed: {start.isoformat()}",
    )  # fmt: skip
    operator = CurrentUser(1, "ann", "Ann", Role.OPERATOR)
    count = bulk_cancel.preview(world.database, snapshot, chosen, operator.scope, NOW).count
    job_id = bulk_cancel.submit(world.database, snapshot, replace(chosen, count=count), operator, NOW)
    JobRunner(world.database, world.config_cache, "admin", lambda: NOW, {bulk_cancel.KIND: bulk_cancel.work}).run_next()
    (job,) = world.rows(models.Job, id=job_id)
    return int(job.counts["cancelled"])


def set_do_not_call(world: World, phones: Sequence[str]) -> None:
    """Replace the whole do-not-call list."""
    with world.database.writing() as tx:
        tx.execute(delete(models.DoNotCall))
        if phones:
            rows = [{"phone": phone, "added_at": NOW, "added_by": "user:ann"} for phone in phones]
            tx.execute(insert(models.DoNotCall), rows)
        tx.commit()
