"""Running jobs: one at a time on all nodes, in chunks that are done once, whoever dies in between.

A claim adds one to `run`, the fencing number. Each chunk is one transaction with the job's own progress, and begins
with a conditional UPDATE of the job's row that names the run: one that was cancelled, or that another node took over,
writes nothing more. Who runs the job after that goes on behind the last chunk that was committed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import IntegrityError

from services.admin_api.identity.scope import Scope
from services.admin_api.jobs.store import LOST_SECONDS, delete_content, scope_of
from shared.callbacks.booking import LostRace
from shared.callbacks.config_cache import ConfigCache
from shared.clock import Clock
from shared.db.audit import Author
from shared.db.audit import write_audit as audit
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import Job, JobPart
from shared.db.session import Database, retried

_log = structlog.get_logger(__name__)

MAX_LOST_RUNS = 3  # processes that a job may have ended with before it is left to a person
KEEP_ALIVE_SECONDS = 5.0
_MAX_ATTEMPTS = 5  # of a chunk that somebody else's change crossed
DIED = f"The process that ran it ended {MAX_LOST_RUNS} times without a word. Retry it, or cancel it."

Counts = dict[str, int]


class JobLost(Exception):
    """The job was cancelled, or another process runs it now. Nothing of this chunk was written."""


class Stopped(Exception):
    """This process is to end. The chunks that are done are committed."""


@dataclass(slots=True, kw_only=True)
class JobRun:
    """A job that this process runs. `done` and `counts` are what is committed."""

    database: Database
    config_cache: ConfigCache
    now: Clock
    may_go_on: Callable[[], bool]
    id: int
    run: int
    kind: str
    arguments: Mapping[str, Any]
    total: int
    done: int
    counts: Counts
    author: Author
    heard_at: float = field(default_factory=time.monotonic)  # when it was last said that this process works on it

    @property
    def scope(self) -> Scope:
        """The skills of whoever started it."""
        return scope_of(self.arguments)

    def content(self) -> str:
        """The file it works on."""
        return _content(self.database, self.id)

    def step(self, done: int, write: Callable[[Connection], Counts]) -> None:
        """Do a chunk in one transaction: what `write` does, its counts (added to those there are) and the progress.

        `write` may run again from its beginning, after a LostRace of its own too. Raises JobLost, Stopped, Unavailable.
        """
        self.check()
        for attempt in range(1, _MAX_ATTEMPTS + 1):
            try:
                self.counts = _step(self, done, write)
                break
            except LostRace:
                if attempt == _MAX_ATTEMPTS:
                    raise
            except IntegrityError as error:
                if classify(error) is not ErrorClass.DUPLICATE or attempt == _MAX_ATTEMPTS:
                    raise  # else somebody wrote one of these rows just now: the next attempt finds it
        self.done, self.heard_at = done, time.monotonic()

    def check(self) -> None:
        """Raise Stopped when this process is to end."""
        if not self.may_go_on():
            raise Stopped

    def keep_alive(self) -> None:
        """Say now and then that this process still works on it, where no chunk says so.

        Raises JobLost, Stopped, Unavailable.
        """
        self.check()
        if time.monotonic() - self.heard_at > KEEP_ALIVE_SECONDS:
            _keep_alive(self)
            self.heard_at = time.monotonic()


Work = Callable[[JobRun], None]


@retried
def claim(database: Database, node: str, now: datetime) -> Row[*tuple[Any, ...]] | None:
    """The row of the job that this process is to run now, or None.

    A running one whose process is lost comes first; one that was lost too often fails instead.
    """
    with database.reading() as connection:
        waiting = connection.execute(
            select(*Job.__table__.columns).where(Job.status.in_(("running", "queued"))).order_by(Job.id)
        ).all()
    running = next((row for row in waiting if row.status == "running"), None)
    if running is None:
        queued = waiting[0] if waiting else None
        return _take(database, queued, node, now, lost=0) if queued else None
    if running.seen_at >= now - timedelta(seconds=LOST_SECONDS):
        return None
    _log.warning("job_lost", job=running.id, kind=running.kind, node=running.node, done=running.done)
    if running.lost_runs + 1 >= MAX_LOST_RUNS:
        _fail(database, running, DIED, now)
        return None
    return _take(database, running, node, now, lost=1)


def _take(database: Database, row: Any, node: str, now: datetime, *, lost: int) -> Row[*tuple[Any, ...]] | None:
    """The job's row once it is this process's; None when another process was faster."""
    seen = Job.seen_at.is_(None) if row.seen_at is None else Job.seen_at == row.seen_at
    change = update(Job).where(Job.id == row.id, Job.status == row.status, Job.run == row.run, seen)
    try:
        with database.writing() as tx:
            taken = tx.execute(
                change.values(status="running", run=row.run + 1, lost_runs=row.lost_runs + lost, node=node,
                              seen_at=now, started_at=row.started_at or now)
            ).rowcount  # fmt: skip
            mine = tx.execute(select(*Job.__table__.columns).where(Job.id == row.id)).one()
            tx.commit()
    except IntegrityError:  # another job runs already (uq_job_running)
        return None
    return mine if taken == 1 else None


@retried
def _content(database: Database, job_id: int) -> str:
    parts = select(JobPart.content).where(JobPart.job_id == job_id).order_by(JobPart.number)
    with database.reading() as connection:
        return "".join(connection.execute(parts).scalars())


def _mine(job: JobRun) -> list[Any]:
    return [Job.id == job.id, Job.run == job.run, Job.status == "running"]


@retried
def _step(job: JobRun, done: int, write: Callable[[Connection], Counts]) -> Counts:
    """The counts after the chunk. One whose commit was not answered is found done."""
    with job.database.writing() as tx:
        if not _fence(tx, job, Job.done == job.done):
            row = tx.execute(select(Job.done, Job.counts).where(*_mine(job))).one_or_none()
            if row is None or row.done != done:
                raise JobLost
            return dict(row.counts)
        more = write(tx)
        counts = {name: job.counts.get(name, 0) + more.get(name, 0) for name in {**job.counts, **more}}
        tx.execute(update(Job).where(Job.id == job.id).values(done=done, counts=counts))
        tx.commit()
    return counts


def _fence(tx: Connection, job: JobRun, *conditions: Any) -> bool:
    """Whether the job is still this process's. Its row is locked then until the transaction ends."""
    return tx.execute(update(Job).where(*_mine(job), *conditions).values(seen_at=job.now())).rowcount == 1


@retried
def _keep_alive(job: JobRun) -> None:
    with job.database.writing() as tx:
        if not _fence(tx, job):
            raise JobLost
        tx.commit()


@retried
def finish(job: JobRun) -> None:
    """All is done. Raises JobLost."""
    with job.database.writing() as tx:
        change = update(Job).where(*_mine(job), Job.done == Job.total)
        if tx.execute(change.values(status="done", finished_at=job.now())).rowcount != 1:
            raise JobLost
        delete_content(tx, job.id)
        audit(tx, job.author, "finish", "jobs", job.id, now=job.now(), label=job.kind, after=job.counts,
              skills=job.scope.skill_ids or ())  # fmt: skip
        tx.commit()


@retried
def release(job: JobRun) -> None:
    """Give the job back, for whoever comes first: this process ends, or the database did not answer."""
    with job.database.writing() as tx:
        tx.execute(update(Job).where(*_mine(job)).values(status="queued"))
        tx.commit()


@retried
def fail(job: JobRun, problem: str) -> None:
    """It cannot go on. What it did stays, and a person may retry it."""
    _fail(job.database, job, problem, job.now())


def _fail(database: Database, job: Any, problem: str, now: datetime) -> None:
    with database.writing() as tx:
        change = update(Job).where(Job.id == job.id, Job.run == job.run, Job.status == "running")
        if tx.execute(change.values(status="failed", problem=problem, finished_at=now)).rowcount == 1:
            author = job.author if isinstance(job, JobRun) else author_of(job)
            audit(tx, author, "fail", "jobs", job.id, now=now, label=job.kind,
                  after={"problem": problem, "done": job.done, **job.counts},
                  skills=scope_of(job.arguments).skill_ids or ())  # fmt: skip
        tx.commit()


def author_of(row: Any) -> Author:
    """Who started the job of a row, as the audit log names them."""
    return Author(row.created_by, row.address, row.request_id)
