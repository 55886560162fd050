"""Reading and writing single settings: a row exists only where the default was changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.admin_api.identity.current_user import CurrentUser
from shared.callbacks.settings import described
from shared.db.models import Setting


def value_of(connection: Connection, name: str) -> Any:
    """What is in force: the stored value, or the default."""
    row = connection.execute(select(Setting.value).where(Setting.name == name)).one_or_none()
    default = described()[name].default
    return row.value if row is not None else default


def put_value(tx: Connection, name: str, value: Any, *, by: CurrentUser, now: datetime) -> None:
    """Store a value, whatever version there was."""
    stamp = {"value": value, "changed_at": now, "changed_by": by.who}
    changed = tx.execute(update(Setting).where(Setting.name == name).values(version=Setting.version + 1, **stamp))
    if not changed.rowcount:
        tx.execute(insert(Setting).values(name=name, version=1, **stamp))
