"""Keep what proves a hand-over: the campaign it went to, when it was listed, and how many there were; names get keys,
and a campaign in UCCE is known by the name that we gave it

Revision ID: 0003
Revises: 0002
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db.columns import Json, UtcDateTime, exact_nvarchar
from shared.reports.views import view_sql
from shared.text import name_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMED = ("skill", "campaign", "daily_schedule", "weekly_schedule")


def _where(condition: str) -> dict[str, Any]:
    return {"mssql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("ix_callback_due", "callback", ["status", "campaign_id", "due_at"],
     {"mssql_include": ["slot_start", "phone", "attempts"]}),
    ("ix_callback_api_client", "callback", ["api_client_id"], {}),
    ("ix_callback_personal", "callback", ["start_at"],
     {"mssql_include": ["status", "changed_at"], **_where("phone <> 'removed'")}),
    ("ix_attempt_campaign", "attempt", ["campaign_id"], {}),
    ("ix_callback_request_api_client", "callback_request", ["api_client_id"], {}),
    ("ix_callback_request_personal", "callback_request", ["at"],
     {"mssql_include": ["call_id", "outcome"], **_where("call_id IS NOT NULL")}),
    ("ix_callback_request_keyed", "callback_request", ["at"], _where("request_key IS NOT NULL")),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("attempt", sa.Column("ucce_campaign_id", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("listed_at", UtcDateTime(), nullable=True))
    op.add_column("campaign", sa.Column("retries_by_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("mastership", sa.Column("hand_overs", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    _add_what_tells_our_campaigns()
    _add_route_points()
    # Its rows of keyed moves and cancellations are no requests for a callback.
    op.execute("DROP VIEW report_requests")
    op.execute(f"CREATE VIEW report_requests AS {view_sql(op.get_context().dialect.name)['report_requests'].strip()}")
    for table in NAMED:
        _add_name_key(table)
    _index_what_is_asked()


def _index_what_is_asked() -> None:
    op.drop_index("ix_callback_created", table_name="callback")
    op.drop_index("ix_callback_due", table_name="callback")
    for name, table, columns, options in INDEXES:
        op.create_index(name, table, columns, **options)


def _add_what_tells_our_campaigns() -> None:
    op.add_column("campaign", sa.Column("ucce_names", Json(), nullable=True))
    op.add_column("campaign", sa.Column("enabled_in_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("campaign", sa.Column("hold", sa.Unicode(16), nullable=True))
    op.add_column("campaign", sa.Column("held_at", UtcDateTime(), nullable=True))
    op.add_column("campaign", sa.Column("hold_found", Json(), nullable=True))
    if not op.get_context().as_sql:
        _fill_ucce_names()
    op.create_index(
        "uq_campaign_ucce_id", "campaign", ["ucce_id"], unique=True, mssql_where=sa.text("ucce_id IS NOT NULL"),
        sqlite_where=sa.text("ucce_id IS NOT NULL"),
    )  # fmt: skip


def _add_route_points() -> None:
    if op.get_context().dialect.name == "mssql":
        _let_dialed_numbers_be_missing()
    with op.batch_alter_table("campaign_skill") as table:
        if op.get_context().dialect.name != "mssql":
            table.alter_column("dialed_number", existing_type=sa.Unicode(10), nullable=True)
        table.add_column(sa.Column("ivr_route_point", sa.Unicode(32), nullable=True))
        table.add_column(sa.Column("ivr_ports", sa.Integer(), nullable=False, server_default=sa.text("0")))
        table.add_column(sa.Column("abandoned_route_point", sa.Unicode(10), nullable=True))


def _let_dialed_numbers_be_missing() -> None:
    """By another column in its place: not every T-SQL server takes the NULL of an ALTER COLUMN."""
    op.add_column("campaign_skill", sa.Column("dialed_number_or_null", sa.Unicode(10), nullable=True))
    op.execute("UPDATE campaign_skill SET dialed_number_or_null = dialed_number")
    op.drop_column("campaign_skill", "dialed_number")
    op.alter_column("campaign_skill", "dialed_number_or_null", new_column_name="dialed_number")


def _fill_ucce_names() -> None:
    """Of the campaigns that share one of UCCE's, the one whose name was found there keeps it; the others' attempts keep
    where they were sent to."""
    campaign = sa.table(
        "campaign", sa.column("id", sa.Integer), sa.column("name", sa.Unicode), sa.column("ucce_id", sa.Integer),
        sa.column("found", Json()), sa.column("ucce_names", Json()), sa.column("enabled_in_ucce", sa.Boolean),
        sa.column("sync_state", sa.Unicode),
    )  # fmt: skip
    attempt = sa.table("attempt", sa.column("campaign_id", sa.Integer), sa.column("ucce_campaign_id", sa.Integer))
    bind, kept = op.get_bind(), set()
    rows = bind.execute(sa.select(campaign).where(campaign.c.ucce_id.is_not(None)).order_by(campaign.c.id)).all()
    for row in sorted(rows, key=lambda row: (row.found or {}).get("name") != row.name):
        change = sa.update(campaign).where(campaign.c.id == row.id)
        if row.ucce_id in kept:
            bind.execute(
                sa.update(attempt)
                .where(attempt.c.campaign_id == row.id, attempt.c.ucce_campaign_id.is_(None))
                .values(ucce_campaign_id=row.ucce_id)
            )
            bind.execute(change.values(ucce_id=None, sync_state="pending"))
            continue
        kept.add(row.ucce_id)
        found = row.found or {}
        names = list(dict.fromkeys([found.get("name", row.name), row.name]))
        bind.execute(change.values(ucce_names=names, enabled_in_ucce=found.get("enabled") == "true"))


def _add_name_key(table: str) -> None:
    op.add_column(table, sa.Column("name_key", exact_nvarchar(200), nullable=False, server_default=sa.text("''")))
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
    for name, table, _columns, _options in INDEXES:
        op.drop_index(name, table_name=table)
    op.create_index("ix_callback_due", "callback", ["status", "campaign_id", "due_at"])
    op.create_index("ix_callback_created", "callback", ["created_at"])
    # SQL Server drops no column that a default constraint stands on.
    for table in NAMED:
        op.drop_index(f"ix_{table}_name_key", table_name=table)
        op.drop_column(table, "name_key", mssql_drop_default=True)
    op.drop_column("campaign_skill", "ivr_ports", mssql_drop_default=True)
    op.execute("UPDATE campaign_skill SET dialed_number = '' WHERE dialed_number IS NULL")
    with op.batch_alter_table("campaign_skill") as skills:
        skills.drop_column("ivr_route_point")
        skills.drop_column("abandoned_route_point")
        skills.alter_column("dialed_number", existing_type=sa.Unicode(10), nullable=False)
    op.drop_index("uq_campaign_ucce_id", table_name="campaign")
    op.drop_column("campaign", "enabled_in_ucce", mssql_drop_default=True)
    for column in ("ucce_names", "hold", "held_at", "hold_found"):
        op.drop_column("campaign", column)
    op.drop_column("mastership", "hand_overs", mssql_drop_default=True)
    op.drop_column("campaign", "retries_by_ucce", mssql_drop_default=True)
    op.drop_column("attempt", "listed_at")
    op.drop_column("attempt", "ucce_campaign_id")
