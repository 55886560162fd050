"""Cancelling many callbacks, as a job: shown and counted first, then cancelled in small transactions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from services.admin_api.callbacks import bulk_lines
from services.admin_api.callbacks.filters import BulkCancel, CallbackSelection, select_callbacks
from services.admin_api.callbacks.search import MAX_COUNTED, CallbackSummary, bounded_count, read_summaries
from services.admin_api.framework.callback_audit import audit_by_skill
from services.admin_api.framework.limits import MAX_BULK_CALLBACKS
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.jobs import store
from services.admin_api.jobs.running import JobRun
from shared.callbacks.capacity import give_places
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.no_result import result_expected_since
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, transition_many
from shared.db.columns import truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import Callback, Pool, Skill
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput

KIND = "bulk_cancel"
CANCELLED = "cancelled"  # the outcome of a line whose callback the job cancelled
FIRST_ROWS = 10  # shown before it is done


@dataclass(frozen=True, slots=True)
class BulkGroup:
    """A BulkGroupSchema."""

    date: date
    skill_id: int
    skill: str
    count: int


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """A BulkPreviewSchema."""

    count: int
    groups: Sequence[BulkGroup] = ()
    first: Sequence[CallbackSummary] = ()
    limit: int = MAX_BULK_CALLBACKS


def preview(
    database: Database, snapshot: ConfigSnapshot, query: BulkCancel, scope: Scope, now: datetime
) -> BulkPreview:
    """What would be cancelled. Raises validation errors, `invalid_phone`, and `count_changed` when the filter selects
    another number of callbacks, whatever their state, than the list showed."""
    listed = _filter_of(snapshot, query, scope, now)
    _check_total(database, listed, query.total)
    chosen = _scheduled(listed)
    return _preview(database, chosen, result_expected_since(snapshot.settings, now)) if chosen else BulkPreview(0)


def submit(database: Database, snapshot: ConfigSnapshot, query: BulkCancel, by: CurrentUser, now: datetime) -> int:
    """The id of the job that cancels them. Raises `count_changed`, `too_many_jobs` and what `preview` raises."""
    selection = _scheduled(_filter_of(snapshot, query, by.scope, now))
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
        arguments = {"query": asdict(query), "at": now.isoformat()}
        job_id = store.create(tx, KIND, by, now, total=len(chosen), arguments=arguments,
                              counts={"cancelled": 0, "notCancelled": 0}, lines=chosen)  # fmt: skip
        tx.commit()
    return job_id


def work(job: JobRun) -> None:
    """Cancel those that still meet the filter and are still scheduled; the result says of each what became of it."""
    query, submitted_at = BulkCancel(**job.arguments["query"]), datetime.fromisoformat(job.arguments["at"])
    why = query.reason or "cancelled in bulk"
    while job.done < job.total:
        lines = bulk_lines.read_lines(job.database, job.id, job.done)
        # Read anew with each chunk: the zones of its dates may have been changed meanwhile.
        selection = _scheduled(select_callbacks(job.config_cache.current(), query, job.scope, submitted_at))
        job.step(job.done + len(lines), partial(_cancel, job, selection, lines, why))


def _filter_of(snapshot: ConfigSnapshot, query: BulkCancel, scope: Scope, now: datetime) -> CallbackSelection | None:
    if query.is_empty:
        raise InvalidInput({"body": ["Send at least one filter: everything is never meant."]})
    return select_callbacks(snapshot, query, scope, now)


def _scheduled(selection: CallbackSelection | None) -> CallbackSelection | None:
    """Those that can be cancelled; None when there can be none."""
    scheduled = selection.only(Status.SCHEDULED) if selection else None
    return scheduled if scheduled and scheduled.statuses else None


def _check_total(database: Database, listed: CallbackSelection | None, shown: int | None) -> None:
    if shown is None:
        return
    total = min(_count(database, listed), MAX_COUNTED)  # a list counts no further
    if total != shown:
        raise DomainError(
            Code.COUNT_CHANGED, f"The list showed {shown}, and there are {total} now. Look again.", count=total
        )


@retried
def _count(database: Database, selection: CallbackSelection | None) -> int:
    if selection is None:
        return 0
    with database.reading() as connection:
        return bounded_count(connection, selection)


@retried
def _preview(database: Database, selection: CallbackSelection, since: datetime) -> BulkPreview:
    columns = selection.columns
    conditions = (columns.status == Status.SCHEDULED, *selection.conditions)
    some = select(columns.skill_id, columns.pool_id, columns.slot_start).where(*conditions)
    some = some.limit(MAX_BULK_CALLBACKS + 1)
    first = select(columns.account_number).where(*conditions).order_by(columns.start_at, columns.account_number)
    with database.reading() as connection:
        groups = _groups(connection, some.subquery().c)
        numbers = list(connection.execute(first.limit(FIRST_ROWS)).scalars())
        return BulkPreview(sum(one.count for one in groups), groups, read_summaries(connection, numbers, since))


def _groups(connection: Connection, some: Any) -> list[BulkGroup]:
    """How many there are of each day, as their slots have it, and skill."""
    statement = (
        select(Skill.id, Skill.name, Pool.time_zone, some.slot_start, func.count())
        .join(Skill, Skill.id == some.skill_id)
        .join(Pool, Pool.id == some.pool_id)
        .group_by(Skill.id, Skill.name, Pool.time_zone, some.slot_start)
    )
    rows = connection.execute(statement)
    counted = sorted((start.astimezone(ZoneInfo(zone)).date(), name, skill, count)
                     for skill, name, zone, start, count in rows)  # fmt: skip
    return [BulkGroup(day, skill, name, sum(row[3] for row in rows_of_group))
            for (day, name, skill), rows_of_group in groupby(counted, lambda row: row[:3])]  # fmt: skip


@retried
def _chosen(database: Database, selection: CallbackSelection | None) -> list[str]:
    if selection is None:
        return []
    columns = selection.columns
    statement = select(columns.account_number).where(columns.status == Status.SCHEDULED, *selection.conditions)
    statement = statement.order_by(columns.pool_id, columns.slot_start).limit(MAX_BULK_CALLBACKS)
    with database.reading() as connection:
        return list(connection.execute(statement).scalars())


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
    outcomes = {line.number: _became(line.text, done, statuses) for line in lines}
    bulk_lines.write_outcomes(tx, job.id, outcomes)
    audit_by_skill(tx, job.author, KIND, done, now)
    give_places(tx, [one.place for one in cancelled])
    return {"cancelled": len(done), "notCancelled": len(lines) - len(done)}


def _became(number: str, done: set[str], statuses: dict[str, str]) -> str:
    if number in done:
        return CANCELLED
    status = statuses.get(number, "gone")
    return f"not cancelled: {'rescheduled meanwhile' if status == Status.SCHEDULED else status}"
