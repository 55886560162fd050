"""Reading and writing single business settings: the table has a row only where the default was changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from shared.callbacks.settings import described
from shared.db.audit import Actor
from shared.db.models import Setting


def read_setting(connection: Connection, name: str) -> Any:
    """The value in force: the stored one, or the default."""
    row = connection.execute(select(Setting.value).where(Setting.name == name)).one_or_none()
    return described()[name].default if row is None else row.value


def write_setting(tx: Connection, name: str, value: Any, *, by: Actor, now: datetime) -> None:
    """Store a value, whatever version there was."""
    stamp = {"value": value, "changed_at": now, "changed_by": by.who}
    changed = tx.execute(update(Setting).where(Setting.name == name).values(version=Setting.version + 1, **stamp))
    if not changed.rowcount:
        tx.execute(insert(Setting).values(name=name, version=1, **stamp))
