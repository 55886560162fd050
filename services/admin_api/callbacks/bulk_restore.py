"""Undoing a bulk cancel, as a job: what it cancelled waits again where its place is free, and the rest is told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select, update

from services.admin_api.callbacks import bulk_cancel, bulk_lines
from services.admin_api.framework.callback_audit import audit_by_skill
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.jobs import store
from services.admin_api.jobs.running import JobRun
from shared.callbacks.restore import RESTORED, restore_many, take_places
from shared.db.key_lists import one_of
from shared.db.models import Callback, JobLine
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

KIND = "bulk_restore"
_UNDONE = "cancelled, and restored by an undo"  # the outcome of a line of the bulk cancel


def submit(database: Database, cancelled_by: int, by: CurrentUser, now: datetime) -> int:
    """The id of the job that restores what the job `cancelled_by` cancelled, but for what was restored already.

    Raises `not_found`, `wrong_job_state`, `too_many_jobs`.
    """
    view, _, _ = store.read_one(database, cancelled_by, by, now)
    if view.kind != bulk_cancel.KIND:
        raise DomainError(Code.WRONG_JOB_STATE, "Only a bulk cancel can be undone.")
    if view.status in store.UNFINISHED:
        raise DomainError(Code.WRONG_JOB_STATE, f"This one is {view.status}. Stop it first, or wait for its end.")
    return _submit(database, cancelled_by, by, now)


@retried
def _submit(database: Database, cancelled_by: int, by: CurrentUser, now: datetime) -> int:
    with database.writing() as tx:
        lines = list(tx.execute(_left(cancelled_by).order_by(JobLine.number)).scalars())
        if not lines:
            raise DomainError(Code.WRONG_JOB_STATE, "Nothing that it cancelled is left to restore.")
        job_id = store.create(tx, KIND, by, now, total=len(lines), arguments={"job": cancelled_by},
                              counts={"restored": 0, "notRestored": 0}, lines=lines)  # fmt: skip
        tx.commit()
    return job_id


@retried
def count_left(database: Database, job: store.JobView) -> int:
    """How many callbacks an undo of a job would restore."""
    if job.kind != bulk_cancel.KIND or job.status in store.UNFINISHED:
        return 0
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(_left(job.id).subquery())).scalar_one()


def work(job: JobRun) -> None:
    """Restore them; the result says of each what became of it."""
    while job.done < job.total:
        lines = bulk_lines.read_lines(job.database, job.id, job.done)
        job.step(job.done + len(lines), partial(_restore, job, lines))


def _left(cancelled_by: int) -> Any:
    """The account numbers that a bulk cancel cancelled and nobody restored."""
    return select(JobLine.text).where(JobLine.job_id == cancelled_by, JobLine.outcome == bulk_cancel.CANCELLED)


def _restore(job: JobRun, lines: Sequence[Any], tx: Connection) -> dict[str, int]:
    """Restore a chunk's callbacks, write down what became of each, and mark their lines of the bulk cancel.

    A line is marked in the transaction that restores its callback: what was restored and then cancelled again, by
    whomever, is not restored a second time.
    """
    cancelled_by, now, numbers = job.arguments["job"], job.now(), [line.text for line in lines]
    left = list(tx.execute(_left(cancelled_by).where(one_of(JobLine.text, numbers))).scalars())
    outcomes = dict.fromkeys(numbers, "not restored: it was restored already")
    snapshot = job.config_cache.reload()
    restoration = restore_many(tx, snapshot, left, where=job.scope.of_skill(Callback.skill_id), now=now,
                               who=job.author.who, why=f"restored: bulk cancel {cancelled_by} was undone")  # fmt: skip
    outcomes.update(restoration.outcomes)
    restored = {number for number, outcome in outcomes.items() if outcome == RESTORED}
    bulk_lines.write_outcomes(tx, job.id, {line.number: outcomes[line.text] for line in lines})
    marked = update(JobLine).where(JobLine.job_id == cancelled_by, one_of(JobLine.text, sorted(restored)))
    tx.execute(marked.values(outcome=_UNDONE))
    audit_by_skill(tx, job.author, KIND, restored, now)
    take_places(tx, snapshot, restoration)
    return {"restored": len(restored), "notRestored": len(lines) - len(restored)}
