"""Which revision the database's schema has, and which one this version needs.

Without Alembic, which only migrating needs: every process asks this, and Alembic would be 10 MiB of each.
"""

from pathlib import Path

from sqlalchemy import inspect, text

from shared.db.session import Database

_FILES = Path(__file__).with_name("migrations") / "versions"


def known_revisions() -> list[str]:
    """The revisions of this version, oldest first: the number that each migration's file begins with."""
    return sorted(path.name.partition("_")[0] for path in _FILES.glob("[0-9]*_*.py"))


def schema_state(database: Database, limit: float | None = None) -> tuple[str | None, str]:
    """The revision the database has (None: it has no schema) and the one this version of the product needs; `limit` as
    of `Database.reading`."""
    with database.reading(limit) as connection:
        has_schema = inspect(connection).has_table("alembic_version")
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if has_schema else None
    return current, known_revisions()[-1]


def is_outdated(current: str | None) -> bool:
    """Whether a schema at `current` lacks migrations of this version.

    A revision that we do not know was made by a later version during an upgrade: its migrations leave the version
    before working (deploy/README.md, Upgrade), so that nodes can be replaced one by one.
    """
    return current is None or current in known_revisions()[:-1]
