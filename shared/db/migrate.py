"""`python -m shared.db.migrate`: bring the database of CM_DATABASE_URL to the newest schema."""

import argparse
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.db.engine import WRITES
from shared.db.session import Database


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; with a connection the migrations run on it, in its transaction."""
    config = Config(str(Path(__file__).with_name("alembic.ini")))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations in one transaction (both engines have transactional DDL)."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        command.upgrade(alembic_config(connection), revision)
        connection.commit()


def downgrade(database: Database, revision: str = "base") -> None:
    """Undo migrations down to `revision`."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        command.downgrade(alembic_config(connection), revision)
        connection.commit()


def schema_state(database: Database) -> tuple[str | None, str | None]:
    """The revision the database has and the one this version of the product needs."""
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(alembic_config()).get_current_head()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m shared.db.migrate", description=__doc__)
    parser.add_argument("--downgrade", metavar="REVISION", help="go back to REVISION instead (base: drop everything)")
    arguments = parser.parse_args()
    config = alembic_config()
    if arguments.downgrade:
        command.downgrade(config, arguments.downgrade)
    else:
        command.upgrade(config, "head")


if __name__ == "__main__":
    main()
