"""Reading and writing the do-not-call list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from services.admin_api.do_not_call import open_callbacks
from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.csv_response import CsvFile, stream
from services.admin_api.framework.limits import LIMIT_SECONDS, MAX_LIST_ROWS
from services.admin_api.framework.paging import ListQuery, Page, page_of
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.scope import Scope
from shared.db.audit import write_audit as audit
from shared.db.columns import explicit_nulls
from shared.db.key_lists import CHUNK, one_of
from shared.db.models import DoNotCall, ErasedDoNotCall
from shared.db.session import Database, retried
from shared.phone import masked
from shared.phone_hash import PhoneHash

COLUMNS = ("phone", "note", "addedAt", "addedBy")

OF_AN_ERASED_PERSON = "Wish of a person whose data was erased"
_TOO_LONG = "have it exported from the database"
_COLUMNS = (DoNotCall.phone, DoNotCall.note, DoNotCall.added_at, DoNotCall.added_by)


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
def erased_page(database: Database, query: ListQuery, number: str | None, phone_hash: PhoneHash | None) -> Page:
    """The entry of an erased person, who is known by the hash alone: only whoever has the number finds it."""
    if number is None or phone_hash is None or query.page > 1:
        return Page.of(query, [], 0)
    kept = select(ErasedDoNotCall.erased_at).where(ErasedDoNotCall.phone_hash == phone_hash.of(number))
    with database.reading() as connection:
        rows = connection.execute(kept).all()
    items = [
        {"phone": number, "note": OF_AN_ERASED_PERSON, "added_at": row.erased_at, "added_by": None} for row in rows
    ]
    return Page.of(query, items, len(items))


@retried
def add(database: Database, phone: str, note: str | None, by: CurrentUser, now: datetime) -> Any:
    """A DoNotCallAddedSchema: the new row, and what became of the number's callbacks. Raises `already_exists`."""
    with optimistic_locking.integrity_errors_as_problems("entry", "phone"), database.writing() as tx:
        entry = {"phone": phone, "note": note, "added_at": now, "added_by": by.who}
        tx.execute(insert(DoNotCall).values(**explicit_nulls(entry)))
        audit(tx, by, "create", "do-not-call", now=now, label=masked(phone))
        row = tx.execute(select(*_COLUMNS).where(DoNotCall.phone == phone)).one()
        at_ucce = open_callbacks.count_at_ucce(tx, phone, by.scope)
        cancelled = open_callbacks.cancel_waiting(tx, [phone], by, by.scope, now)
        tx.commit()
    return {**row._mapping, "cancelled": cancelled, "at_ucce": at_ucce}


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
def export_file(database: Database, by: CurrentUser, now: datetime) -> CsvFile:
    """The list as a file, numbers as the person sees them. The export is written to the audit log.

    Raises a validation error for a list that is too long.
    """
    with database.reading(LIMIT_SECONDS) as connection:
        rows = stream(connection, select(*_COLUMNS).order_by(DoNotCall.phone), MAX_LIST_ROWS, "list", _TOO_LONG)
        seen = ((by.scope.phone(row.phone), by.scope.text(row.note), row.added_at, row.added_by) for row in rows)
        file = CsvFile(COLUMNS, seen)
    with database.writing() as tx:
        audit(tx, by, "export", "do-not-call", now=now, label=f"{file.rows} numbers")
        tx.commit()
    return file
