"""What tables share: constraint names that are the same on both engines, the version of ETags, and unique names."""

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Unicode, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.columns import UtcDateTime, exact_nvarchar
from shared.text import NAME_KEY_LENGTH, name_key

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Edited:
    """A row that people edit: `version` grows with every change and is the ETag of what was read."""

    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str | None] = mapped_column(Unicode(96))


def _key_of_name(context: Any) -> str:
    return name_key(context.get_current_parameters()["name"])


class Named:
    """A row with a name that no other row has in another spelling: `name_key` (shared/text.py) is unique.

    An INSERT fills it in by itself; an UPDATE of the name must set it (optimistic_locking.py does).
    """

    name_key: Mapped[str] = mapped_column(
        exact_nvarchar(NAME_KEY_LENGTH), default=_key_of_name, server_default=text("''"), index=True, unique=True
    )
