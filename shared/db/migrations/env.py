"""Alembic's environment: the same migrations for both engines, online or as a SQL script (`--sql`)."""

from alembic import context
from alembic.runtime.migration import MigrationInfo
from environs import Env
from sqlalchemy import Connection

from shared.config import common_settings, load
from shared.db.engine import WRITES, build_engine
from shared.db.migrate import APPLIED, take_turn
from shared.db.models import Base


def _online() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = build_engine(load(common_settings).database_url, timeout=60)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        _migrate(connection)
        connection.commit()
    engine.dispose()


def _migrate(connection: Connection) -> None:
    take_turn(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        on_version_apply=_note_version,
    )
    with context.begin_transaction():
        context.run_migrations()


def _note_version(ctx: object, step: MigrationInfo, heads: object, run_args: object) -> None:
    context.config.attributes.setdefault(APPLIED, []).append(step.up_revision_id)


def _offline() -> None:
    dialect = Env().str("CM_SQL_DIALECT", "mssql")
    context.configure(dialect_name=dialect, target_metadata=Base.metadata, literal_binds=True, as_sql=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _offline()
else:
    _online()
