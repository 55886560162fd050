"""Keep what proves a hand-over: the campaign it went to, when it was listed, and how many there were; names get keys

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime, exact_text
from shared.reports.views import view_sql
from shared.text import name_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMED = ("skill", "campaign", "daily_schedule", "weekly_schedule")


def upgrade() -> None:
    op.add_column("attempt", sa.Column("ucce_campaign_id", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("listed_at", UtcDateTime(), nullable=True))
    op.add_column("campaign", sa.Column("retries_by_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("mastership", sa.Column("hand_overs", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    # Its rows of keyed moves and cancellations are no requests for a callback.
    op.execute("DROP VIEW report_requests")
    op.execute(f"CREATE VIEW report_requests AS {view_sql(op.get_context().dialect.name)['report_requests'].strip()}")
    for table in NAMED:
        _add_name_key(table)


def _add_name_key(table: str) -> None:
    op.add_column(table, sa.Column("name_key", exact_text(200), nullable=False, server_default=sa.text("''")))
    if op.get_context().as_sql:  # a script can't fold names as Python does; it is for new databases
        op.execute(f"UPDATE {table} SET name_key = LOWER(name)")  # noqa: S608
    else:
        _fill_name_keys(table)
    op.create_index(f"ix_{table}_name_key", table, ["name_key"], unique=True)


def _fill_name_keys(table: str) -> None:
    """Raises ValueError when two rows have names that are one name now: a person must say which is renamed to what."""
    rows = sa.table(
        table, sa.column("id", sa.Integer), sa.column("name", sa.Unicode), sa.column("name_key", sa.Unicode)
    )
    taken: dict[str, str] = {}
    for row in op.get_bind().execute(sa.select(rows.c.id, rows.c.name).order_by(rows.c.id)).all():
        key = name_key(row.name)
        if key in taken:
            what = table.replace("_", " ")
            raise ValueError(f"the {what} names {taken[key]!r} and {row.name!r} count as the same: rename one of them")
        taken[key] = row.name
        op.get_bind().execute(sa.update(rows).where(rows.c.id == row.id).values(name_key=key))


def downgrade() -> None:
    # SQL Server drops no column that a default constraint stands on.
    for table in NAMED:
        op.drop_index(f"ix_{table}_name_key", table_name=table)
        op.drop_column(table, "name_key", mssql_drop_default=True)
    op.drop_column("mastership", "hand_overs", mssql_drop_default=True)
    op.drop_column("campaign", "retries_by_ucce", mssql_drop_default=True)
    op.drop_column("attempt", "listed_at")
    op.drop_column("attempt", "ucce_campaign_id")
