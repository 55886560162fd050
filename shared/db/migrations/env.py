"""Alembic's environment: the same migrations for both engines, online or as a SQL script (`--sql`)."""

from alembic import context
from environs import Env

from shared.config import common_settings, load
from shared.db.engine import WRITES, build_engine
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


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=getattr(connection, "dialect", None) is not None and connection.dialect.name == "sqlite",  # type: ignore[attr-defined]
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _offline() -> None:
    dialect = Env().str("CM_SQL_DIALECT", "mssql")
    context.configure(dialect_name=dialect, target_metadata=Base.metadata, literal_binds=True, as_sql=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _offline()
else:
    _online()
