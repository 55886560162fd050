"""The audit log: every act of a person or of an API client, written in the transaction of the act."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, insert

from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.models import AuditLog

AuditFields = Mapping[str, Any]
MAX_SKILLS_LENGTH = 400


class Actor(Protocol):
    """Who acts: `user:<name>`, `client:<name>` or a word; and where the request came from, as far as known."""

    @property
    def who(self) -> str: ...
    @property
    def address(self) -> str | None: ...
    @property
    def request_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Author:
    """An Actor who is no person at the portal."""

    who: str
    address: str | None = None
    request_id: str | None = None


def write_audit(
    tx: Connection,
    author: Actor,
    action: str,
    resource: str,
    resource_id: object = None,
    *,
    now: datetime,
    label: str | None = None,
    before: AuditFields | None = None,
    after: AuditFields | None = None,
    skills: Collection[int] = (),
) -> None:
    """Write one row. Of `before` and `after` only what differs stays; they hold no secrets, no whole numbers and no
    words about a customer: the row outlives an erasure, and is never changed.

    `skills` are those that the act is about; without any it is about the whole system.
    """
    if before is not None and after is not None:
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        before = {name: value for name, value in before.items() if name in changed}
        after = {name: value for name, value in after.items() if name in changed}
    row = {
        "at": now,
        "who": author.who,
        "action": action,
        "resource": resource,
        "resource_id": None if resource_id is None else str(resource_id)[:64],
        "label": None if label is None else truncate_utf16(label, 128),
        "before": _storable(before),
        "after": _storable(after),
        "address": author.address,
        "request_id": author.request_id,
        "skills": skills_key(skills),
    }
    tx.execute(insert(AuditLog).values(**explicit_nulls(row)))


def skills_key(skills: Collection[int]) -> str | None:
    """What stands in the column `skills`. None also when they are too many: such an act concerns the whole system."""
    key = "".join(f";{skill};" for skill in sorted(skills))
    return key if 0 < len(key) <= MAX_SKILLS_LENGTH else None


def _storable(fields: AuditFields | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
