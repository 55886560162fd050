"""The audit log, of the person behind a request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.admin_api.people import Person
from shared.db.audit import Author, record

Shown = Mapping[str, Any]


def audit(
    tx: Connection,
    who: Person | str,
    action: str,
    resource: str,
    resource_id: object = None,
    *,
    now: datetime,
    label: str | None = None,
    before: Shown | None = None,
    after: Shown | None = None,
) -> None:
    """Write one row: see `record`. `who` is a person, or a word for who acts without being logged in."""
    author = Author(who) if isinstance(who, str) else Author(who.who, who.address, who.request_id)
    record(tx, author, action, resource, resource_id, now=now, label=label, before=before, after=after)
