"""Keep what proves a hand-over: the campaign it went to, when it was listed, and how many there were

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.db.types import UtcDateTime
from shared.reports.views import view_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("ucce_campaign_id", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("listed_at", UtcDateTime(), nullable=True))
    op.add_column("campaign", sa.Column("retries_by_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("mastership", sa.Column("hand_overs", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    # Its rows of keyed moves and cancellations are no requests for a callback.
    op.execute("DROP VIEW report_requests")
    op.execute(f"CREATE VIEW report_requests AS {view_sql(op.get_context().dialect.name)['report_requests'].strip()}")


def downgrade() -> None:
    # SQL Server drops no column that a default constraint stands on.
    op.drop_column("mastership", "hand_overs", mssql_drop_default=True)
    op.drop_column("campaign", "retries_by_ucce", mssql_drop_default=True)
    op.drop_column("attempt", "listed_at")
    op.drop_column("attempt", "ucce_campaign_id")
