"""The table of a model."""

from sqlalchemy import Table

from shared.db.models import Base


def table_of(model: type[Base]) -> Table:
    """`model.__table__`, which SQLAlchemy declares as FromClause: it has no indexes, constraints or types by name."""
    return model.metadata.tables[model.__tablename__]
