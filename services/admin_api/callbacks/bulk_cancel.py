"""Cancelling many callbacks, as a job: counted first, then cancelled in small transactions, each with its audit row."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from services.admin_api.callbacks.filters import BulkCancel, CallbackSelection, select_callbacks
from services.admin_api.callbacks.search import bounded_count, read_summaries
from services.admin_api.framework.limits import MAX_BULK_CALLBACKS
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.jobs import store
from services.admin_api.jobs.running import JobRun
from shared.callbacks.capacity import give_places
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.no_result import result_expected_since
from shared.callbacks.settings import BusinessSettings
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, transition_many
from shared.db.audit import write_audit as audit
from shared.db.columns import truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import Callback, JobLine
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput

KIND = "bulk_cancel"
CHUNK = 100  # callbacks in one transaction, which so locks the slots' rows for milliseconds only

COLUMNS = ("accountNumber", "result", "phone", "firstName", "lastName", "start", "skill", "campaign")
COLUMNS_WITHOUT_EXPORT = 2  # the first ones: what became of each callback, and nothing of the people

_SET_OUTCOME = (
    update(JobLine)
    .where(JobLine.job_id == bindparam("job"), JobLine.number == bindparam("line"))
    .values(outcome=bindparam("became"))
)


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """A BulkPreviewSchema."""

    count: int
    limit: int = MAX_BULK_CALLBACKS


def preview(database: Database, snapshot: ConfigSnapshot, query: BulkCancel, scope: Scope) -> BulkPreview:
    """How many would be cancelled. Raises validation errors, `invalid_phone`."""
    return BulkPreview(_count(database, _filter_of(snapshot, query, scope)))


def submit(database: Database, snapshot: ConfigSnapshot, query: BulkCancel, by: CurrentUser, now: datetime) -> int:
    """The id of the job that cancels them. Raises `count_changed`, `too_many_jobs` and what `preview` raises."""
    selection = _filter_of(snapshot, query, by.scope)
    if query.count is None:
        raise InvalidInput({"count": ["Say how many there are, as the preview told."]})
    count = _count(database, selection)
    if count != query.count:
        raise DomainError(Code.COUNT_CHANGED, f"There are {count} now, not {query.count}. Look again.", count=count)
    if count > MAX_BULK_CALLBACKS:
        raise InvalidInput({"count": [f"At most {MAX_BULK_CALLBACKS} at a time: narrow the filter."]})
    return _submit(database, query, _chosen(database, selection), by, now)


@retried
def _submit(database: Database, query: BulkCancel, chosen: Sequence[str], by: CurrentUser, now: datetime) -> int:
    with database.writing() as tx:
        job_id = store.create(tx, KIND, by, now, total=len(chosen), arguments={"query": asdict(query)},
                              counts={"cancelled": 0, "notCancelled": 0}, lines=chosen)  # fmt: skip
        tx.commit()
    return job_id


def work(job: JobRun) -> None:
    """Cancel those that still meet the filter and are still scheduled; the result says of each what became of it."""
    query = BulkCancel(**job.arguments["query"])
    why = query.reason or "cancelled in bulk"
    while job.done < job.total:
        lines = _lines(job.database, job.id, job.done)
        # Read anew with each chunk: the zone of its dates may have been changed meanwhile.
        selection = select_callbacks(job.config_cache.current(), query, job.scope)
        job.step(job.done + len(lines), partial(_cancel, job, selection, lines, why))


def result_rows(
    database: Database, job_id: int, scope: Scope, settings: BusinessSettings, now: datetime
) -> Iterator[Sequence[Any]]:
    """The rows of the result (COLUMNS) as the person sees them; of other skills than the person's there are none."""
    since, done = result_expected_since(settings, now), 0
    while lines := _lines(database, job_id, done):
        done += len(lines)
        with database.reading() as connection:
            found = read_summaries(connection, [line.text for line in lines], since)
        by_number = {one.account_number: one for one in found}
        for line in lines:
            one = by_number.get(line.text)
            if one is None and not scope.is_limited:
                yield [line.text, line.outcome or "not yet", *[None] * 6]
            elif one is not None and scope.includes([one.skill_id]):
                yield [line.text, line.outcome or "not yet", scope.phone(one.phone), scope.text(one.first_name),
                       scope.text(one.last_name), one.start, one.skill, one.campaign]  # fmt: skip


def _filter_of(snapshot: ConfigSnapshot, query: BulkCancel, scope: Scope) -> CallbackSelection | None:
    if query.is_empty:
        raise InvalidInput({"body": ["Send at least one filter: everything is never meant."]})
    return select_callbacks(snapshot, query, scope)


@retried
def _count(database: Database, selection: CallbackSelection | None) -> int:
    if selection is None:
        return 0
    with database.reading() as connection:
        return bounded_count(connection, selection, [Status.SCHEDULED])


@retried
def _chosen(database: Database, selection: CallbackSelection | None) -> list[str]:
    if selection is None:
        return []
    columns = selection.columns
    statement = select(columns.account_number).where(columns.status == Status.SCHEDULED, *selection.conditions)
    statement = statement.order_by(columns.pool_id, columns.slot_start).limit(MAX_BULK_CALLBACKS)
    with database.reading() as connection:
        return list(connection.execute(statement).scalars())


@retried
def _lines(database: Database, job_id: int, after: int) -> Sequence[Any]:
    """The next chunk of a job's lines."""
    statement = select(JobLine.number, JobLine.text, JobLine.outcome)
    statement = statement.where(JobLine.job_id == job_id, JobLine.number > after).order_by(JobLine.number)
    with database.reading() as connection:
        return connection.execute(statement.limit(CHUNK)).all()


def _by_skill(tx: Connection, numbers: set[str]) -> list[tuple[int, list[str]]]:
    """Callbacks by the ids of their skills."""
    found: dict[int, list[str]] = {}
    statement = select(Callback.skill_id, Callback.account_number).where(one_of(Callback.account_number, numbers))
    for row in tx.execute(statement):
        found.setdefault(row.skill_id, []).append(row.account_number)
    return [(skill, sorted(found[skill])) for skill in sorted(found)]


def _cancel(
    job: JobRun, selection: CallbackSelection | None, lines: Sequence[Any], why: str, tx: Connection
) -> dict[str, int]:
    """Cancel a chunk's callbacks, and write down what became of each."""
    numbers, now = [line.text for line in lines], job.now()
    cancelled = [] if selection is None else transition_many(
        tx, numbers, Status.SCHEDULED, Status.CANCELLED, where=selection.repeated, now=now, who=job.author.who,
        why=why, reason=truncate_utf16(why, MAX_REASON_LENGTH),
    )  # fmt: skip
    done = {one.account_number for one in cancelled}
    found = select(Callback.account_number, Callback.status).where(one_of(Callback.account_number, numbers))
    statuses = {row.account_number: row.status for row in tx.execute(found)}
    tx.execute(_SET_OUTCOME, [{"job": job.id, "line": line.number, "became": _became(line.text, done, statuses)}
                              for line in lines])  # fmt: skip
    for skill, numbers_of_skill in _by_skill(tx, done):  # a row each: who is limited to some sees theirs
        audit(tx, job.author, "bulk_cancel", "callbacks", now=now, label=f"{len(numbers_of_skill)} callbacks",
              after={"accountNumbers": numbers_of_skill}, skills=[skill])  # fmt: skip
    give_places(tx, [one.place for one in cancelled])
    return {"cancelled": len(done), "notCancelled": len(lines) - len(done)}


def _became(number: str, done: set[str], statuses: dict[str, str]) -> str:
    if number in done:
        return "cancelled"
    status = statuses.get(number, "gone")
    return f"not cancelled: {'rescheduled meanwhile' if status == Status.SCHEDULED else status}"
