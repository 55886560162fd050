"""The import of a do-not-call file, as a job: each chunk of lines is one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from services.admin_api.do_not_call import open_callbacks
from services.admin_api.do_not_call.import_file import Line, count_lines, lines_of, text_of
from services.admin_api.framework.limits import MAX_ERROR_LINES
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from services.admin_api.jobs import store
from services.admin_api.jobs.running import Counts, JobRun
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import write_audit as audit
from shared.db.key_lists import one_of
from shared.db.models import DoNotCall, JobLine
from shared.db.session import Database, retried

KIND = "do_not_call_import"
COLUMNS = ("line", "message", "text")
COLUMNS_WITHOUT_EXPORT = 2  # the first ones: nothing of what stands in the file
CHUNK_LINES = 250  # in one transaction, which so holds up bookings for milliseconds only

_NO_LINES = {"added": 0, "updated": 0, "unchanged": 0, "failed": 0}
_SET_NOTE = update(DoNotCall).where(DoNotCall.phone == bindparam("listed")).values(note=bindparam("new_note"))


def submit(database: Database, raw: bytes, by: CurrentUser, now: datetime, *, dry_run: bool) -> int:
    """The id of the job that imports a file. Raises validation errors, `too_many_jobs`."""
    text = text_of(raw)
    return _submit(database, text, count_lines(text), by, now, dry_run)


@retried
def _submit(database: Database, text: str, total: int, by: CurrentUser, now: datetime, dry_run: bool) -> int:
    with database.writing() as tx:
        job_id = store.create(tx, KIND, by, now, total=total, arguments={"dry_run": dry_run}, counts=_NO_LINES,
                              content=text)  # fmt: skip
        tx.commit()
    return job_id


def work(job: JobRun) -> None:
    """Take the good lines; every line is in exactly one of the counts. Of two lines about a number the later counts.
    The callbacks that wait for these numbers are cancelled, and counted beside (`callbacksCancelled`).

    A dry run writes nothing but its result.
    """
    done, seen = 0, set[str]()  # numbers of the lines before: a second line of one is `unchanged`
    for lines in _chunks(job.content(), job.config_cache.reload().settings):
        done += len(lines)
        if done <= job.done:  # committed by the process that ran it before
            job.keep_alive()
        else:
            _import_chunk(job, done, lines, seen)
        seen.update(line.phone for line in lines if line.phone)


def result_rows(
    database: Database, job_id: int, scope: Scope, settings: BusinessSettings, now: datetime
) -> Iterator[Sequence[Any]]:
    """The rows of the result (COLUMNS): the lines that failed, numbers as the person sees them."""
    del settings, now
    statement = select(JobLine.number, JobLine.outcome, JobLine.text).where(JobLine.job_id == job_id)
    with database.reading() as connection:
        for number, message, text in connection.execute(statement.order_by(JobLine.number)):
            yield number, scope.text(message), scope.text(text)


def _chunks(text: str, settings: BusinessSettings) -> Iterator[list[Line]]:
    lines = lines_of(text, settings)
    while chunk := list(islice(lines, CHUNK_LINES)):
        yield chunk


def _import_chunk(job: JobRun, done: int, lines: Sequence[Line], seen: set[str]) -> None:
    now, dry_run = job.now(), bool(job.arguments["dry_run"])
    failed = [line for line in lines if line.problem]
    notes: dict[str, str | None] = {}
    for line in lines:
        if line.phone is not None:
            notes[line.phone] = line.note if line.note is not None else notes.get(line.phone)

    def write(tx: Connection) -> Counts:
        existing = _existing_notes(tx, list(notes))
        new = [phone for phone in notes if phone not in existing]
        changed = {phone: note for phone, note in notes.items()
                   if phone in existing and note is not None and note != existing[phone]}  # fmt: skip
        if dry_run:
            waiting = open_callbacks.count_waiting(tx, [phone for phone in notes if phone not in seen], job.scope)
        else:
            _write(tx, [(phone, notes[phone]) for phone in new], changed, job.author.who, now)
        room = max(0, MAX_ERROR_LINES - job.counts["failed"])
        store.insert_lines(tx, job.id, ((line.number, line.text, line.problem) for line in failed[:room]))
        added, updated = len(set(new) - seen), len(changed.keys() - seen)
        counts = {"added": added, "updated": updated, "failed": len(failed),
                  "unchanged": len(lines) - len(failed) - added - updated}  # fmt: skip
        if done == job.total and not dry_run:
            all_added, all_updated = job.counts["added"] + added, job.counts["updated"] + updated
            audit(tx, job.author, "import", "do-not-call", now=now,
                  label=f"{all_added} added, {all_updated} updated")  # fmt: skip
        if not dry_run:
            waiting = open_callbacks.cancel_waiting(tx, list(notes), job.author, job.scope, now)
        return {**counts, "callbacksCancelled": waiting} if waiting else counts

    job.step(done, write)


def _write(
    tx: Connection, new: Sequence[tuple[str, str | None]], changed: Mapping[str, str | None], who: str, now: datetime
) -> None:
    if new:
        rows = [{"phone": phone, "note": note, "added_at": now, "added_by": who} for phone, note in new]
        tx.execute(insert(DoNotCall), rows)
    if changed:
        tx.execute(_SET_NOTE, [{"listed": phone, "new_note": note} for phone, note in changed.items()])


def _existing_notes(tx: Connection, phones: list[str]) -> dict[str, str | None]:
    if not phones:
        return {}
    statement = select(DoNotCall.phone, DoNotCall.note).where(one_of(DoNotCall.phone, phones))
    return {row.phone: row.note for row in tx.execute(statement)}
