"""Cancelling many callbacks: counted first, then cancelled in small transactions, each with its audit row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from services.admin_api.callbacks.filters import BulkCancel, CallbackSelection, select_callbacks
from services.admin_api.callbacks.search import CallbackSummary, bounded_count, read_summaries
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from shared.callbacks.capacity import give_places
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.no_result import result_expected_since
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, in_chunks, transition_many
from shared.db.audit import write_audit as audit
from shared.db.columns import truncate_utf16
from shared.db.key_lists import one_of
from shared.db.models import Callback
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput

MAX_CALLBACKS = 2_000  # in one request
LIMIT_SECONDS = 25.0  # for all of it: below the load balancer's CM_LONG_REQUEST_TIMEOUT
CHUNK = 100  # callbacks in one transaction, which so locks the slots' rows for milliseconds only

COLUMNS = ("accountNumber", "result", "phone", "firstName", "lastName", "start", "skill", "campaign")
COLUMNS_WITHOUT_EXPORT = 2  # the first ones: what became of each callback, and nothing of the people


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """A BulkPreviewSchema."""

    count: int
    limit: int = MAX_CALLBACKS


def columns(scope: Scope) -> Sequence[str]:
    """The columns of the file that the person gets."""
    return COLUMNS if scope.may_export else COLUMNS[:COLUMNS_WITHOUT_EXPORT]


def preview(database: Database, snapshot: ConfigSnapshot, query: BulkCancel, scope: Scope) -> BulkPreview:
    """How many would be cancelled. Raises validation errors, `invalid_phone`."""
    return BulkPreview(_count(database, _filter_of(snapshot, query, scope)))


def run(
    database: Database, snapshot: ConfigSnapshot, query: BulkCancel, by: CurrentUser, now: datetime
) -> list[Sequence[Any]]:
    """Cancel, and give the rows of the file (COLUMNS). Raises `count_changed` and what `preview` raises."""
    selection = _filter_of(snapshot, query, by.scope)
    if query.count is None:
        raise InvalidInput({"count": ["Say how many there are, as the preview told."]})
    count = _count(database, selection)
    if count != query.count:
        raise DomainError(Code.COUNT_CHANGED, f"There are {count} now, not {query.count}. Look again.", count=count)
    if count > MAX_CALLBACKS:
        raise InvalidInput({"count": [f"At most {MAX_CALLBACKS} at a time: narrow the filter."]})
    if selection is None:
        return []
    chosen = _chosen(database, selection)
    done: set[str] = set()
    for chunk in in_chunks(chosen, CHUNK):
        done |= _cancel(database, selection, chunk, query.reason or "cancelled in bulk", by, now)
    return _rows(database, chosen, done, by.scope, result_expected_since(snapshot.settings, now))


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
def _chosen(database: Database, selection: CallbackSelection) -> list[str]:
    columns = selection.columns
    statement = select(columns.account_number).where(columns.status == Status.SCHEDULED, *selection.conditions)
    statement = statement.order_by(columns.pool_id, columns.slot_start).limit(MAX_CALLBACKS)
    with database.reading() as connection:
        return list(connection.execute(statement).scalars())


@retried
def _cancel(
    database: Database, selection: CallbackSelection, numbers: Sequence[str], why: str, by: CurrentUser, now: datetime
) -> set[str]:
    """Those that still met the filter, were still scheduled, and are cancelled now."""
    with database.writing() as tx:
        cancelled = transition_many(
            tx, numbers, Status.SCHEDULED, Status.CANCELLED, where=selection.repeated, now=now, who=by.who, why=why,
            reason=truncate_utf16(why, MAX_REASON_LENGTH),
        )  # fmt: skip
        done = {one.account_number for one in cancelled}
        for skill, numbers_of_skill in _by_skill(tx, done):  # a row each: who is limited to some sees theirs
            audit(tx, by, "bulk_cancel", "callbacks", now=now, label=f"{len(numbers_of_skill)} callbacks",
                  after={"accountNumbers": numbers_of_skill}, skills=[skill])  # fmt: skip
        give_places(tx, [one.place for one in cancelled])
        tx.commit()
    return done


def _by_skill(tx: Connection, numbers: set[str]) -> list[tuple[int, list[str]]]:
    """Callbacks by the ids of their skills."""
    found: dict[int, list[str]] = {}
    statement = select(Callback.skill_id, Callback.account_number).where(one_of(Callback.account_number, numbers))
    for row in tx.execute(statement):
        found.setdefault(row.skill_id, []).append(row.account_number)
    return [(skill, sorted(found[skill])) for skill in sorted(found)]


@retried
def _rows(database: Database, chosen: list[str], done: set[str], scope: Scope, since: datetime) -> list[Sequence[Any]]:
    with database.reading() as connection:
        callbacks = [row for chunk in in_chunks(chosen, CHUNK) for row in read_summaries(connection, chunk, since)]
    return [
        (one.account_number, _result(one, done), scope.phone(one.phone), scope.text(one.first_name),
         scope.text(one.last_name), one.start, one.skill, one.campaign)
        for one in callbacks
    ]  # fmt: skip


def _result(callback: CallbackSummary, done: set[str]) -> str:
    if callback.account_number in done:
        return "cancelled"
    changed = "rescheduled meanwhile" if callback.status == Status.SCHEDULED else callback.status
    return f"not cancelled: {changed}"
