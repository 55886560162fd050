"""Let people in, keep what they did, and report

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from shared.db.columns import BIG_ID, Json, UtcDateTime
from shared.reports.views import view_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_callback_status": ["status", "start_at", "account_number"],
    "ix_callback_skill": ["skill_id", "status", "start_at", "account_number", "campaign_id"],
    "ix_callback_campaign": ["campaign_id", "status", "start_at", "account_number"],
}


def upgrade() -> None:
    op.create_table(
        "portal_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("display_name", sa.Unicode(length=128), nullable=False),
        sa.Column("password_hash", sa.Unicode(length=255), nullable=False),
        sa.Column("role", sa.Unicode(length=16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("password_changed_at", UtcDateTime(), nullable=False),
        sa.Column("last_login_at", UtcDateTime(), nullable=True),
        sa.Column("session_generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.CheckConstraint(
            "role IN ('viewer', 'operator', 'supervisor', 'administrator')", name=op.f("ck_portal_user_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_user")),
        sa.UniqueConstraint("name", name=op.f("uq_portal_user_name")),
    )
    op.create_table(
        "portal_session",
        sa.Column("token_hash", sa.Unicode(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("client", sa.Unicode(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["portal_user.id"], name=op.f("fk_portal_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_portal_session")),
    )
    op.create_index("ix_portal_session_user_id", "portal_session", ["user_id"], unique=False)
    op.create_index("ix_portal_session_expires_at", "portal_session", ["expires_at"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.Unicode(length=96), nullable=False),
        sa.Column("action", sa.Unicode(length=32), nullable=False),
        sa.Column("resource", sa.Unicode(length=32), nullable=False),
        sa.Column("resource_id", sa.Unicode(length=64), nullable=True),
        sa.Column("label", sa.Unicode(length=128), nullable=True),
        sa.Column("before", Json(), nullable=True),
        sa.Column("after", Json(), nullable=True),
        sa.Column("address", sa.Unicode(length=64), nullable=True),
        sa.Column("request_id", sa.Unicode(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)
    op.create_index("ix_audit_log_resource", "audit_log", ["resource", "resource_id"], unique=False)
    op.create_index("ix_audit_log_who", "audit_log", ["who", "at"], unique=False)
    for name, columns in _INDEXES.items():
        op.create_index(name, "callback", columns, unique=False)
    for name, select in view_sql(op.get_context().dialect.name).items():
        op.execute(f"CREATE VIEW {name} AS {select.strip()}")


def downgrade() -> None:
    for name in view_sql(op.get_context().dialect.name):
        op.execute(f"DROP VIEW {name}")
    for name in _INDEXES:
        op.drop_index(name, "callback")
    op.drop_table("audit_log")
    op.drop_table("portal_session")
    op.drop_table("portal_user")
