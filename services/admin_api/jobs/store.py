"""Making jobs, reading them, and what a person may do to them. Running them: jobs/running.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from services.admin_api.framework.limits import MAX_WAITING_JOBS
from services.admin_api.framework.optimistic_locking import not_found
from services.admin_api.framework.paging import ListQuery, Page, page_of
from services.admin_api.framework.views import from_row
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from shared.callbacks.transitions import in_chunks
from shared.db.audit import write_audit as audit
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.models import Job, JobLine, JobPart
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

LOST_SECONDS = 15  # without a word after which who runs a job counts as lost; a chunk takes a second at most
PART_LENGTH = 256 * 1024  # characters of a file in one row
_SHOWN_LINES = 20

UNFINISHED = ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A JobSchema. `lost`: it should run, and nobody has been heard of who runs it."""

    id: int
    kind: str
    status: str
    dry_run: bool
    lost: bool
    total: int
    done: int
    counts: Mapping[str, int]
    problem: str | None
    node: str | None
    created_at: datetime
    created_by: str
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A JobLineSchema."""

    line: int
    message: str


def create(
    tx: Connection, kind: str, by: CurrentUser, now: datetime, *, total: int, arguments: Mapping[str, Any],
    counts: Mapping[str, int], content: str = "", lines: Sequence[str] = (),
) -> int:  # fmt: skip
    """The id of a new job with the file or the lines that it works on. Raises `too_many_jobs`."""
    waiting = tx.execute(select(func.count()).select_from(Job).where(Job.status == "queued")).scalar_one()
    if waiting >= MAX_WAITING_JOBS:
        raise DomainError(Code.TOO_MANY_JOBS, f"{waiting} jobs are waiting already. Try again when some are done.")
    skills = None if by.scope.skill_ids is None else sorted(by.scope.skill_ids)
    row = {"kind": kind, "status": "queued", "arguments": {**arguments, "skills": skills}, "total": total, "done": 0,
           "counts": dict(counts), "run": 0, "lost_runs": 0, "created_at": now, "created_by": by.who,
           "address": by.address, "request_id": by.request_id}  # fmt: skip
    job_id: int = tx.execute(insert(Job).values(**explicit_nulls(row))).inserted_primary_key[0]  # type: ignore[index]
    parts = range(0, len(content), PART_LENGTH)
    for number, begin in enumerate(parts, 1):
        part = content[begin : begin + PART_LENGTH]
        tx.execute(insert(JobPart).values(job_id=job_id, number=number, content=part))
    insert_lines(tx, job_id, ((number, text, None) for number, text in enumerate(lines, 1)))
    audit(tx, by, "create", "jobs", job_id, now=now, label=kind, skills=skills or (),
          after={"total": total, "dryRun": bool(arguments.get("dry_run"))})  # fmt: skip
    return job_id


def insert_lines(tx: Connection, job_id: int, lines: Iterable[tuple[int, str, str | None]]) -> None:
    """Write lines (number, text, outcome), as much of each as its column holds."""
    rows = [{"job_id": job_id, "number": number, "text": truncate_utf16(text, 500),
             "outcome": None if outcome is None else truncate_utf16(outcome, 255)}
            for number, text, outcome in lines]  # fmt: skip
    for chunk in in_chunks(rows):
        tx.execute(insert(JobLine), list(chunk))


def delete_content(tx: Connection, job_id: int) -> None:
    """Delete the file of a job that is not to go on any more."""
    tx.execute(delete(JobPart).where(JobPart.job_id == job_id))


def scope_of(arguments: Mapping[str, Any]) -> Scope:
    """The skills of whoever started a job, as they were then."""
    skills = arguments.get("skills")
    return Scope(None if skills is None else frozenset(skills))


def _visible(by: CurrentUser) -> list[ColumnElement[bool]]:
    """Who is limited to some skills sees the jobs they started: others may be about other skills."""
    return [Job.created_by == by.who] if by.scope.is_limited else []


@retried
def list_page(database: Database, query: ListQuery, by: CurrentUser, now: datetime) -> Page:
    """One page of the jobs that the person sees."""
    statement = select(*Job.__table__.columns).where(*_visible(by))
    with database.reading() as connection:
        page = page_of(connection, statement, query, sorts={"createdAt": Job.created_at},
                       tie=Job.id.desc())  # fmt: skip
    return page.map(lambda row: view_of(row, now))


@retried
def read_one(database: Database, job_id: int, by: CurrentUser, now: datetime) -> tuple[JobView, int, list[Line]]:
    """A job, how many lines it tells of, and the first of them. Raises `not_found`."""
    told = (JobLine.job_id == job_id, JobLine.outcome.is_not(None))
    with database.reading() as connection:
        row = _row(connection, job_id, by)
        count = connection.execute(select(func.count()).select_from(JobLine).where(*told)).scalar_one()
        first = select(JobLine.number, JobLine.outcome).where(*told).order_by(JobLine.number)
        lines = [Line(line=number, message=outcome or "")
                 for number, outcome in connection.execute(first.limit(_SHOWN_LINES))]  # fmt: skip
    return view_of(row, now), count, lines


@retried
def cancel(database: Database, job_id: int, by: CurrentUser, now: datetime) -> None:
    """End a job where it stands; what it did stays. Raises `not_found`, `wrong_job_state`."""
    with database.writing() as tx:
        change = update(Job).where(Job.id == job_id, Job.status.in_(UNFINISHED), *_visible(by))
        if tx.execute(change.values(status="cancelled", finished_at=now)).rowcount != 1:
            raise _wrong_state(_row(tx, job_id, by), "Only a job that waits or runs can be cancelled.")
        row = _row(tx, job_id, by)
        delete_content(tx, job_id)
        audit(tx, by, "cancel", "jobs", job_id, now=now, label=row.kind,
              after={"done": row.done, **row.counts}, skills=row.arguments["skills"] or ())  # fmt: skip
        tx.commit()


@retried
def retry(database: Database, job_id: int, by: CurrentUser, now: datetime) -> None:
    """Have a failed job go on where it stopped. Raises `not_found`, `wrong_job_state`."""
    with database.writing() as tx:
        change = update(Job).where(Job.id == job_id, Job.status == "failed", *_visible(by))
        values = explicit_nulls({"status": "queued", "problem": None, "finished_at": None, "lost_runs": 0})
        if tx.execute(change.values(**values)).rowcount != 1:
            raise _wrong_state(_row(tx, job_id, by), "Only a job that failed can be retried.")
        row = _row(tx, job_id, by)
        audit(tx, by, "retry", "jobs", job_id, now=now, label=row.kind,
              after={"done": row.done, **row.counts}, skills=row.arguments["skills"] or ())  # fmt: skip
        tx.commit()


def view_of(row: Any, now: datetime) -> JobView:
    """The job of a row."""
    lost = row.status == "running" and row.seen_at < now - timedelta(seconds=LOST_SECONDS)
    return from_row(JobView, row, dry_run=bool(row.arguments.get("dry_run")), lost=lost)


def _row(connection: Connection, job_id: int, by: CurrentUser) -> Any:
    statement = select(*Job.__table__.columns).where(Job.id == job_id, *_visible(by))
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise not_found("job")
    return row


def _wrong_state(row: Any, detail: str) -> DomainError:
    return DomainError(Code.WRONG_JOB_STATE, f"This one is {row.status}. {detail}")
