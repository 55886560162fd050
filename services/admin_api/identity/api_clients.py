"""API clients in the database: the IVR and operators' scripts, each with a key that is shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import update as update_of

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import ListQuery, Page, named_page
from services.admin_api.framework.views import from_row
from services.admin_api.identity.current_user import CurrentUser
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.columns import explicit_nulls
from shared.db.models import ApiClient, Callback, CallbackRequest
from shared.db.session import Database, retried
from shared.web.auth import key_hash

RESOURCE = "API client"
MAX_OVERLAP = timedelta(days=90)  # of two keys
_PREVIOUS_KEY = ("previous_key_hash", "previous_key_hint", "previous_key_ends_at", "previous_key_used_at")
_AUDITED_COLUMNS = ("name", "scopes", "enabled", "rate_per_second", "always_200")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClientChanges:
    """What a person may set of an API client; `rate_per_second` None: the settings' for its scopes."""

    name: str
    scopes: Sequence[str]
    rate_per_second: int | None
    always_200: bool
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousKey:
    """A PreviousKeySchema."""

    key_hint: str
    ends_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClientView:
    """An ApiClientSchema."""

    id: int
    version: int
    changed_at: datetime
    changed_by: str | None
    name: str
    scopes: Sequence[str]
    enabled: bool
    rate_per_second: int | None
    always_200: bool
    key_hint: str
    last_used_at: datetime | None
    previous_key: PreviousKey | None


def new_key(scope: str) -> str:
    """A new key: its scope, so that a person recognises it, and 256 random bits."""
    return f"cm_{scope}_{secrets.token_urlsafe(32)}"


def view_of(now: datetime, row: Any) -> ApiClientView:
    """A row as it is shown at `now`."""
    previous = None
    if row.previous_key_ends_at is not None and row.previous_key_ends_at > now:
        previous = PreviousKey(
            key_hint=row.previous_key_hint, ends_at=row.previous_key_ends_at, last_used_at=row.previous_key_used_at
        )
    return from_row(ApiClientView, row, previous_key=previous)


def _kept(key: str) -> dict[str, str]:
    return {"key_hash": key_hash(key), "key_hint": key[-4:]}


@retried
def list_page(database: Database, query: ListQuery) -> Page:
    with database.reading() as connection:
        return named_page(connection, select(*ApiClient.__table__.columns), query, ApiClient)


@retried
def read_one(database: Database, key: int) -> Any:
    with database.reading() as connection:
        return optimistic_locking.read_row(connection, ApiClient, key, RESOURCE)


@retried
def create(database: Database, changes: ApiClientChanges, key: str, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        made = optimistic_locking.insert_row(tx, ApiClient, {**asdict(changes), **_kept(key)}, by=by, now=now)
        audit(tx, by, "create", "api-clients", made, now=now, label=changes.name, after=asdict(changes))
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, made, RESOURCE)
        tx.commit()
    return row


@retried
def update(database: Database, key: int, changes: ApiClientChanges, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, ApiClient, key, RESOURCE)
        optimistic_locking.update_row(tx, ApiClient, before, asdict(changes), by=by, now=now)
        audit(tx, by, "update", "api-clients", key, now=now, label=changes.name,
              before={name: before._mapping[name] for name in _AUDITED_COLUMNS}, after=asdict(changes))  # fmt: skip
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        tx.commit()
    return row


@retried
def replace_key(
    database: Database, key: int, new: str, ends_at: datetime | None, by: CurrentUser, now: datetime
) -> Any:
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        if row.key_hash != key_hash(new):  # else its commit was not answered, and it is done
            old = (row.key_hash, row.key_hint, ends_at, row.last_used_at) if ends_at else (None,) * 4
            values = {**_kept(new), "last_used_at": None, **dict(zip(_PREVIOUS_KEY, old, strict=True))}
            tx.execute(update_of(ApiClient).where(ApiClient.id == key).values(**explicit_nulls(values)))
            audit(tx, by, "replace_key", "api-clients", key, now=now, label=row.name,
                  after={"oldKeyEndsAt": ends_at or now})  # fmt: skip
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        tx.commit()
    return row


@retried
def end_previous_key(database: Database, key: int, by: CurrentUser, now: datetime) -> Any:
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        if row.previous_key_hash is not None:
            ended = explicit_nulls(dict.fromkeys(_PREVIOUS_KEY))
            tx.execute(update_of(ApiClient).where(ApiClient.id == key).values(**ended))
            audit(tx, by, "end_previous_key", "api-clients", key, now=now, label=row.name,
                  before={"keyHint": row.previous_key_hint, "endsAt": row.previous_key_ends_at})  # fmt: skip
            bump_version(tx)
            row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
            tx.commit()
    return row


@retried
def delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, ApiClient, key, RESOURCE)
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, key))
        optimistic_locking.delete_row(tx, ApiClient, row)
        audit(tx, by, "delete", "api-clients", key, now=now, label=row.name,
              before={name: row._mapping[name] for name in _AUDITED_COLUMNS})  # fmt: skip
        bump_version(tx)
        tx.commit()


def _referenced_by(tx: Connection, key: int) -> list[str]:
    references = (
        (select(Callback.account_number).where(Callback.api_client_id == key), "callbacks it booked"),
        (select(CallbackRequest.id).where(CallbackRequest.api_client_id == key), "requests it made"),
    )
    return [what for statement, what in references if tx.execute(statement.limit(1)).first() is not None]
