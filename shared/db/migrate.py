"""`python -m shared.db.migrate`: bring the database of CM_DATABASE_URL to the newest schema."""

import argparse
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from shared.config import common_settings, load
from shared.db.diagnosis import diagnose
from shared.db.engine import WRITES
from shared.db.session import Database, open_database

STATEMENT_TIMEOUT = 60.0  # seconds for one statement of a migration


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


def main() -> None:
    """Migrate; what cannot work ends with one sentence on stderr and status 1 (2 for a wrong setting)."""
    parser = argparse.ArgumentParser(prog="python -m shared.db.migrate", description=__doc__)
    parser.add_argument("--downgrade", metavar="REVISION", help="go back to REVISION instead (base: drop everything)")
    arguments = parser.parse_args()
    settings = replace(load(common_settings), database_timeout=STATEMENT_TIMEOUT)
    with closing(open_database(settings)) as database:
        try:
            if arguments.downgrade:
                downgrade(database, arguments.downgrade)
            else:
                upgrade(database)
        except DBAPIError as error:
            sys.exit(f"campaign-manager: the database was not migrated: {diagnose(error)}\n({error.orig})")
        except CommandError as error:
            sys.exit(
                f"campaign-manager: the database was not migrated: {error}. A newer version of the product made this "
                "schema: run that version, or its python -m shared.db.migrate --downgrade"
            )


if __name__ == "__main__":
    main()
