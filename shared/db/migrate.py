"""`python -m shared.db.migrate`: bring the database of CM_DATABASE_URL to the newest schema."""

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from shared.config import common_settings, load, stop_with
from shared.db.engine import WRITES
from shared.db.error_advice import advice_for
from shared.db.session import Database, open_database

STATEMENT_TIMEOUT_SECONDS = 60.0  # seconds for one statement of a migration
TURN_TIMEOUT_SECONDS = 50  # seconds to wait while another process migrates; less than a statement may take
APPLIED = "applied"  # the attribute in which Alembic's environment leaves the revisions it ran


class UnderWay(Exception):
    """Another process has been migrating this database for longer than we wait."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; with a connection the migrations run on it, in its transaction."""
    config = Config(str(Path(__file__).with_name("alembic.ini")))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> list[str]:
    """Run the missing migrations in one transaction (both engines have transactional DDL); those that were missing."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        config = alembic_config(connection)
        command.upgrade(config, revision)
        connection.commit()
    applied: list[str] = config.attributes.get(APPLIED, [])
    return applied


def downgrade(database: Database, revision: str = "base") -> None:
    """Undo migrations down to `revision`."""
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        command.downgrade(alembic_config(connection), revision)
        connection.commit()


def take_turn(connection: Connection) -> None:
    """Let one process at a time migrate a database: the others wait, and find it done. Raises UnderWay.

    On SQLite the transaction itself does that (BEGIN IMMEDIATE). SQL Server frees the lock with the transaction.
    """
    if connection.dialect.name != "mssql":
        return
    cursor = connection.connection.cursor()
    cursor.execute(
        "DECLARE @taken INT; EXEC @taken = sp_getapplock @Resource = 'campaign-manager migration', "
        f"@LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = {TURN_TIMEOUT_SECONDS * 1000}; "
        "SELECT @taken"
    )
    while cursor.description is None and cursor.nextset():
        pass  # a server may answer each statement of the batch
    taken = cursor.fetchone()[0]  # type: ignore[index]
    cursor.close()
    if taken < 0:  # 0 and 1: granted; -1 to -3: timed out, cancelled, chosen as a deadlock's victim
        raise UnderWay(f"another process has been migrating this database for {TURN_TIMEOUT_SECONDS} s")


def main() -> None:
    """Migrate; what cannot work ends with one sentence on stderr and status 1 (2 for a wrong setting)."""
    parser = argparse.ArgumentParser(prog="python -m shared.db.migrate", description=__doc__)
    parser.add_argument("--downgrade", metavar="REVISION", help="go back to REVISION instead (base: drop everything)")
    arguments = parser.parse_args()
    settings = replace(load(common_settings), database_timeout=STATEMENT_TIMEOUT_SECONDS)
    with closing(open_database(settings)) as database:
        try:
            if arguments.downgrade:
                downgrade(database, arguments.downgrade)
            else:
                done = upgrade(database)
                print(f"The schema was brought to {done[-1]}." if done else "The schema is up to date.")
        except DBAPIError as error:
            stop_with(f"the database was not migrated: {advice_for(error)}\n({error.orig})")
        except ValueError as error:  # a migration's own: what it found can't be brought to the new schema
            stop_with(f"the database was not migrated: {error}")
        except UnderWay as error:
            stop_with(f"the database was not migrated: {error}: see that it ends, then run this again")
        except CommandError as error:
            stop_with(
                f"the database was not migrated: {error}. A newer version of the product made this "
                "schema: run that version, or its python -m shared.db.migrate --downgrade"
            )


if __name__ == "__main__":
    main()
