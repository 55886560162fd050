"""Optimistic locking of rows that people edit: If-Match, lost updates, unique names, references to a row to delete."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from marshmallow import Schema
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.db.audit import Actor
from shared.db.columns import explicit_nulls
from shared.db.error_classes import ErrorClass, classify
from shared.errors import Code, DomainError
from shared.text import name_key

StoredRow = Row[*tuple[Any, ...]]


def not_found(resource: str) -> DomainError:
    return DomainError(Code.NOT_FOUND, f"There is no such {resource}.")


def require_row(row: StoredRow | None, resource: str) -> StoredRow:
    """The row. Raises `not_found` when there is none."""
    if row is None:
        raise not_found(resource)
    return row


def read_row(
    connection: Connection, model: Any, key: Any, resource: str, where: Sequence[ColumnElement[bool]] = ()
) -> StoredRow:
    """The row of a key, if it meets the conditions `where`. Raises `not_found`."""
    (column,) = model.__table__.primary_key
    statement = select(*model.__table__.columns).where(column == key, *where)
    return require_row(connection.execute(statement).one_or_none(), resource)


def read_for_update(
    tx: Connection, model: Any, key: Any, resource: str, where: Sequence[ColumnElement[bool]] = ()
) -> StoredRow:
    """The row of a key, if it meets the conditions `where` and is still the version that the request names.

    Raises `not_found`, `precondition_required`, `stale_version`.
    """
    row = read_row(tx, model, key, resource, where)
    check_version(row)
    return row


def check_version(row: StoredRow) -> None:
    """Raises `precondition_required` without If-Match, `stale_version` when it names another version."""
    if not if_match(row.version):
        raise stale(row)


def if_match(version: int) -> bool:
    """Whether If-Match names a version. Raises `precondition_required` without one."""
    if not request.if_match:
        raise DomainError(Code.PRECONDITION_REQUIRED, "Send the ETag of what you read in the header If-Match.")
    return str(version) in request.if_match


def stale(row: StoredRow) -> DomainError:
    """`stale_version`, with who changed it and when."""
    changed_by = (row.changed_by or "the system").removeprefix("user:")
    return DomainError(
        Code.STALE_VERSION,
        f"{changed_by} changed it after you read it. Read it again and repeat what you want to change.",
        changedBy=changed_by,
        changedAt=row.changed_at.isoformat(),
        currentVersion=row.version,
    )


def insert_row(tx: Connection, model: Any, values: dict[str, Any], *, by: Actor, now: datetime) -> Any:
    """Insert a row in its first version and give its key; a name's own key the table fills in (models.base.Named)."""
    stamp = {"version": 1, "changed_at": now, "changed_by": by.who}
    (key,) = tx.execute(insert(model).values(**explicit_nulls(values), **stamp)).inserted_primary_key or (None,)
    return key


def update_row(tx: Connection, model: Any, row: StoredRow, values: dict[str, Any], *, by: Actor, now: datetime) -> None:
    """Write `values` over a row that was read in this transaction. Raises `stale_version` when it changed since."""
    (column,) = model.__table__.primary_key
    stamp = {"version": model.version + 1, "changed_at": now, "changed_by": by.who}
    if "name_key" in model.__table__.c and "name" in values:
        stamp["name_key"] = name_key(values["name"])
    statement = update(model).where(column == row._mapping[column.name], model.version == row.version)
    if tx.execute(statement.values(**explicit_nulls(values), **stamp)).rowcount != 1:
        raise stale(read_row(tx, model, row._mapping[column.name], "entry"))


def delete_row(tx: Connection, model: Any, row: StoredRow) -> None:
    """Delete a row that was read in this transaction. Raises `stale_version` when it changed since."""
    (column,) = model.__table__.primary_key
    statement = delete(model).where(column == row._mapping[column.name], model.version == row.version)
    if tx.execute(statement).rowcount != 1:
        raise stale(read_row(tx, model, row._mapping[column.name], "entry"))


def in_use(resource: str, by: Sequence[str]) -> DomainError:
    """`in_use`, naming by what; `usedBy` holds every name."""
    named = ", ".join(by[:3]) + (f" and {len(by) - 3} more" if len(by) > 3 else "")
    return DomainError(Code.IN_USE, f"This {resource} is in use by {named}.", usedBy=list(by))


def require_unused(resource: str, by: Sequence[str]) -> None:
    """Raises `in_use` when `by` names anything."""
    if by:
        raise in_use(resource, by)


@contextmanager
def integrity_errors_as_problems(resource: str, field: str = "name") -> Iterator[None]:
    """Around a write: what is taken in `field` is `already_exists`, a reference gone or new meanwhile `in_use`."""
    try:
        yield
    except IntegrityError as error:
        if classify(error) is ErrorClass.DUPLICATE:
            taken = f"There is another {resource} with this already."
            raise DomainError(Code.ALREADY_EXISTS, taken, errors={field: [taken]}) from error
        raise DomainError(
            Code.IN_USE, f"Something that this {resource} refers to, or that refers to it, changed just now. Try again."
        ) from error


def json_with_etag(schema: Schema, resource: Any, status: int = 200, **more: Any) -> Response:
    """A resource as `schema` dumps it, with `more` beside its fields and the ETag that a later write must name."""
    response: Response = jsonify(schema.dump(resource) | more)
    response.status_code = status
    response.set_etag(str(resource.version))
    return response
