"""Reading and writing the do-not-call list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.admin_api.do_not_call.import_file import lines_of
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import ListQuery, Page, page_of
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import write_audit as audit
from shared.db.columns import explicit_nulls
from shared.db.key_lists import CHUNK, one_of
from shared.db.models import DoNotCall, ErasedDoNotCall
from shared.db.session import Database, retried
from shared.phone import masked
from shared.phone_hash import PhoneHash

COLUMNS = ("phone", "note", "addedAt", "addedBy")

_COLUMNS = (DoNotCall.phone, DoNotCall.note, DoNotCall.added_at, DoNotCall.added_by)


@dataclass(frozen=True, slots=True)
class FailedLine:
    """An ImportErrorSchema."""

    line: int
    text: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """An ImportSchema."""

    added: int
    updated: int
    unchanged: int
    failed: int
    errors: Sequence[FailedLine]
    dry_run: bool


@retried
def list_page(database: Database, query: ListQuery, scope: Scope, whole: str | None) -> Page:
    """One page of the list. Who may not see whole numbers searches by a whole one (`whole`) or by the note: parts of
    numbers would give the numbers away digit by digit."""
    sorts = {"addedAt": DoNotCall.added_at, "phone": DoNotCall.phone}
    statement, search, tie = select(*_COLUMNS), [DoNotCall.phone, DoNotCall.note], DoNotCall.phone
    if whole is not None:
        statement, search = statement.where(DoNotCall.phone == whole), []
    elif not scope.sees_phones:
        search = [DoNotCall.note]
    with database.reading() as connection:
        return page_of(connection, statement, query, sorts=sorts, tie=tie, search=search)


@retried
def add(database: Database, phone: str, note: str | None, by: CurrentUser, now: datetime) -> Any:
    """The new row. Raises `already_exists`."""
    with optimistic_locking.integrity_errors_as_problems("entry", "phone"), database.writing() as tx:
        entry = {"phone": phone, "note": note, "added_at": now, "added_by": by.who}
        tx.execute(insert(DoNotCall).values(**explicit_nulls(entry)))
        audit(tx, by, "create", "do-not-call", now=now, label=masked(phone))
        row = tx.execute(select(*_COLUMNS).where(DoNotCall.phone == phone)).one()
        tx.commit()
    return row


@retried
def remove(
    database: Database, phones: Sequence[str], phone_hash: PhoneHash | None, by: CurrentUser, now: datetime
) -> int:
    """How many of them stood on the list, by themselves or, of erased people, by their hash."""
    removed = 0
    with database.writing() as tx:
        for begin in range(0, len(phones), CHUNK):
            chunk = phones[begin : begin + CHUNK]
            removed += tx.execute(delete(DoNotCall).where(one_of(DoNotCall.phone, chunk))).rowcount
            if phone_hash:
                hashes = [phone_hash.of(phone) for phone in chunk]
                removed += tx.execute(
                    delete(ErasedDoNotCall).where(one_of(ErasedDoNotCall.phone_hash, hashes))
                ).rowcount
        label = masked(phones[0]) if len(phones) == 1 else f"{removed} numbers"
        audit(tx, by, "delete", "do-not-call", now=now, label=label)
        tx.commit()
    return removed


@retried
def export_rows(database: Database, by: CurrentUser, now: datetime) -> list[tuple[Any, ...]]:
    """The rows of the file (COLUMNS), numbers as the person sees them. The export is written to the audit log."""
    with database.writing() as tx:
        rows = tx.execute(select(*_COLUMNS).order_by(DoNotCall.phone)).all()
        audit(tx, by, "export", "do-not-call", now=now, label=f"{len(rows)} numbers")
        tx.commit()
    return [(by.scope.phone(row.phone), by.scope.text(row.note), row.added_at, row.added_by) for row in rows]


def import_csv(
    database: Database, settings: BusinessSettings, raw: bytes, by: CurrentUser, now: datetime, *, dry_run: bool
) -> ImportResult:
    """Take the good lines of a file, all in one transaction. Raises a validation error."""
    lines = lines_of(raw, settings)
    good: dict[str, str | None] = {}
    for line in lines:
        if line.phone is not None:  # the later line of two about a number counts
            good[line.phone] = line.note if line.note is not None else good.get(line.phone)
    added, updated = _write(database, good, by, now, dry_run=dry_run)
    failed = [line for line in lines if line.problem]
    return ImportResult(
        added=added,
        updated=updated,
        unchanged=len(lines) - len(failed) - added - updated,
        failed=len(failed),
        errors=[FailedLine(line.number, line.text, line.problem or "") for line in failed],
        dry_run=dry_run,
    )


@retried
def _write(
    database: Database, good: dict[str, str | None], by: CurrentUser, now: datetime, *, dry_run: bool
) -> tuple[int, int]:
    with optimistic_locking.integrity_errors_as_problems("entry", "phone"), database.writing() as tx:
        existing = _existing_notes(tx, list(good))
        new = [{"phone": phone, "note": note, "added_at": now, "added_by": by.who}
               for phone, note in good.items() if phone not in existing]  # fmt: skip
        changed = {phone: note for phone, note in good.items()
                   if phone in existing and note is not None and note != existing[phone]}  # fmt: skip
        if new:
            tx.execute(insert(DoNotCall), new)
        for phone, note in changed.items():
            tx.execute(update(DoNotCall).where(DoNotCall.phone == phone).values(note=note))
        audit(tx, by, "import", "do-not-call", now=now, label=f"{len(new)} added, {len(changed)} updated")
        if not dry_run:
            tx.commit()
    return len(new), len(changed)


def _existing_notes(tx: Connection, phones: list[str]) -> dict[str, str | None]:
    existing: dict[str, str | None] = {}
    for begin in range(0, len(phones), CHUNK):
        statement = select(DoNotCall.phone, DoNotCall.note).where(
            one_of(DoNotCall.phone, phones[begin : begin + CHUNK])
        )
        existing |= {row.phone: row.note for row in tx.execute(statement)}
    return existing
