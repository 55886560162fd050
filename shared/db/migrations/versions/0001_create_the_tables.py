"""Create the tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from shared.db.columns import BIG_ID, LOCAL_DATE, Json, UtcDateTime, exact_nvarchar

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("key_hash", sa.Unicode(length=64), nullable=False),
        sa.Column("key_hint", sa.Unicode(length=8), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("rate_per_second", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_client_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_client_name")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=32), nullable=False),
        sa.Column("description", sa.Unicode(length=255), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("parameters", Json(), nullable=False),
        sa.Column("dial_prefix", sa.Unicode(length=8), nullable=False),
        sa.Column("dial_form", sa.Unicode(length=16), nullable=False),
        sa.Column("dial_region", sa.Unicode(length=2), nullable=False),
        sa.Column("dial_international_prefix", sa.Unicode(length=8), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("retry_delays", Json(), nullable=False),
        sa.Column("hands_over", sa.Boolean(), nullable=False),
        sa.Column("max_hand_overs_per_cycle", sa.Integer(), nullable=True),
        sa.Column("ucce_id", sa.Integer(), nullable=True),
        sa.Column("change_stamp", sa.Integer(), nullable=True),
        sa.Column("found", Json(), nullable=True),
        sa.Column("drift", Json(), nullable=True),
        sa.Column("sync_state", sa.Unicode(length=16), nullable=False),
        sa.Column("sync_message", sa.Unicode(length=1000), nullable=True),
        sa.Column("synced_at", UtcDateTime(), nullable=True),
        sa.Column("wished_version", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.CheckConstraint("dial_form IN ('national', 'international')", name=op.f("ck_campaign_dial_form")),
        sa.CheckConstraint("sync_state IN ('pending', 'in_sync', 'error')", name=op.f("ck_campaign_sync_state")),
        sa.CheckConstraint("max_attempts >= 1 AND max_attempts <= 20", name=op.f("ck_campaign_max_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_name")),
    )
    op.create_table(
        "catalogue_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_version")),
    )
    op.create_table(
        "daily_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("capacities", Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_schedule")),
        sa.UniqueConstraint("name", name=op.f("uq_daily_schedule_name")),
    )
    op.create_table(
        "do_not_call",
        sa.Column("phone", sa.Unicode(length=20), nullable=False),
        sa.Column("note", sa.Unicode(length=255), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Unicode(length=96), nullable=True),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_do_not_call")),
    )
    op.create_table(
        "mastership",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.Unicode(length=64), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("touched_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_mastership_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mastership")),
    )
    op.create_table(
        "mastership_term",
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("node", sa.Unicode(length=64), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.Unicode(length=255), nullable=True),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_mastership_term")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("value", Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "worker_node",
        sa.Column("node", sa.Unicode(length=64), nullable=False),
        sa.Column("version", sa.Unicode(length=32), nullable=False),
        sa.Column("role", sa.Unicode(length=16), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("status", Json(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_worker_node")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("description", sa.Unicode(length=255), nullable=True),
        sa.Column("ucce_skill_group_id", sa.Integer(), nullable=True),
        sa.Column("default_campaign_id", sa.Integer(), nullable=True),
        sa.Column("accepts_bookings", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.ForeignKeyConstraint(["default_campaign_id"], ["campaign.id"], name=op.f("fk_skill_default_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("name", name=op.f("uq_skill_name")),
    )
    op.create_table(
        "weekly_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Unicode(length=64), nullable=False),
        sa.Column("monday_id", sa.Integer(), nullable=True),
        sa.Column("tuesday_id", sa.Integer(), nullable=True),
        sa.Column("wednesday_id", sa.Integer(), nullable=True),
        sa.Column("thursday_id", sa.Integer(), nullable=True),
        sa.Column("friday_id", sa.Integer(), nullable=True),
        sa.Column("saturday_id", sa.Integer(), nullable=True),
        sa.Column("sunday_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.ForeignKeyConstraint(["friday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_friday_id")),
        sa.ForeignKeyConstraint(["monday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_monday_id")),
        sa.ForeignKeyConstraint(["saturday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_saturday_id")),
        sa.ForeignKeyConstraint(["sunday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_sunday_id")),
        sa.ForeignKeyConstraint(["thursday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_thursday_id")),
        sa.ForeignKeyConstraint(["tuesday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_tuesday_id")),
        sa.ForeignKeyConstraint(["wednesday_id"], ["daily_schedule.id"], name=op.f("fk_weekly_schedule_wednesday_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_schedule")),
        sa.UniqueConstraint("name", name=op.f("uq_weekly_schedule_name")),
    )
    op.create_table(
        "campaign_skill",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("dialed_number", sa.Unicode(length=10), nullable=False),
        sa.Column("overflow_agents", sa.Integer(), nullable=False),
        sa.Column("records_to_cache", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_skill_campaign_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_campaign_skill_skill_id")),
        sa.PrimaryKeyConstraint("campaign_id", "skill_id", name=op.f("pk_campaign_skill")),
    )
    op.create_table(
        "pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Unicode(length=64), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_pool_campaign_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_pool_skill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
    )
    op.create_index(
        "uq_pool_skill_id",
        "pool",
        ["skill_id"],
        unique=True,
        mssql_where=sa.text("campaign_id IS NULL"),
        sqlite_where=sa.text("campaign_id IS NULL"),
    )
    op.create_index(
        "uq_pool_skill_id_campaign_id",
        "pool",
        ["skill_id", "campaign_id"],
        unique=True,
        mssql_where=sa.text("campaign_id IS NOT NULL"),
        sqlite_where=sa.text("campaign_id IS NOT NULL"),
    )

    op.create_table(
        "callback",
        sa.Column("account_number", sa.Unicode(length=26), nullable=False),
        sa.Column("status", sa.Unicode(length=16), nullable=False),
        sa.Column("phone", sa.Unicode(length=20), nullable=False),
        sa.Column("open_rank", sa.Integer(), nullable=True),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("slot_start", UtcDateTime(), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("first_name", sa.Unicode(length=50), nullable=True),
        sa.Column("last_name", sa.Unicode(length=50), nullable=True),
        sa.Column("agent_id", sa.Unicode(length=32), nullable=True),
        sa.Column("call_data", Json(), nullable=False),
        sa.Column("call_id", sa.Unicode(length=64), nullable=True),
        sa.Column("source", sa.Unicode(length=16), nullable=False),
        sa.Column("api_client_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Unicode(length=26), nullable=True),
        sa.Column("outcome", sa.Unicode(length=32), nullable=True),
        sa.Column("reason", sa.Unicode(length=500), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('scheduled', 'importing', 'imported', 'completed', 'failed', 'cancelled', 'expired')",
            name=op.f("ck_callback_status"),
        ),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_client.id"], name=op.f("fk_callback_api_client_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_callback_campaign_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_callback_pool_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_callback_skill_id")),
        sa.PrimaryKeyConstraint("account_number", name=op.f("pk_callback")),
    )
    op.create_index(
        "ix_callback_batch",
        "callback",
        ["batch_id"],
        unique=False,
        mssql_where=sa.text("status = 'importing'"),
        sqlite_where=sa.text("status = 'importing'"),
    )
    op.create_index("ix_callback_created", "callback", ["created_at"], unique=False)
    op.create_index("ix_callback_due", "callback", ["status", "campaign_id", "due_at"], unique=False)
    op.create_index("ix_callback_phone", "callback", ["phone", "created_at"], unique=False)
    op.create_index("ix_callback_slot", "callback", ["pool_id", "slot_start", "status"], unique=False)
    op.create_index("ix_callback_start", "callback", ["start_at"], unique=False)
    op.create_index(
        "uq_callback_phone_open_rank",
        "callback",
        ["phone", "open_rank"],
        unique=True,
        mssql_where=sa.text("open_rank IS NOT NULL"),
        sqlite_where=sa.text("open_rank IS NOT NULL"),
    )

    op.create_table(
        "skill_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("weekly_schedule_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", LOCAL_DATE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(length=96), nullable=True),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_skill_schedule_pool_id")),
        sa.ForeignKeyConstraint(
            ["weekly_schedule_id"], ["weekly_schedule.id"], name=op.f("fk_skill_schedule_weekly_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_schedule")),
        sa.UniqueConstraint("pool_id", "starts_on", name=op.f("uq_skill_schedule_pool_id_starts_on")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked >= 0", name=op.f("ck_slot_booked")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_slot_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("pool_id", "start_at", name=op.f("uq_slot_pool_id_start_at")),
    )
    op.create_index("ix_slot_start_at", "slot", ["start_at"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("contact_key", sa.Unicode(length=29), nullable=False),
        sa.Column("account_number", sa.Unicode(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Unicode(length=26), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.Unicode(length=64), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Unicode(length=32), nullable=True),
        sa.Column("call_result", sa.Integer(), nullable=True),
        sa.Column("call_status", sa.Unicode(length=32), nullable=True),
        sa.Column("calls_made", sa.Integer(), nullable=True),
        sa.Column("message", sa.Unicode(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_number"], ["callback.account_number"], name=op.f("fk_attempt_account_number")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_attempt_campaign_id")),
        sa.PrimaryKeyConstraint("contact_key", name=op.f("pk_attempt")),
        sa.UniqueConstraint("account_number", "number", name=op.f("uq_attempt_account_number_number")),
    )
    op.create_index("ix_attempt_batch", "attempt", ["batch_id"], unique=False)
    op.create_index("ix_attempt_claimed", "attempt", ["claimed_at"], unique=False)
    op.create_index(
        "uq_attempt_account_number_unfinished",
        "attempt",
        ["account_number"],
        unique=True,
        mssql_where=sa.text("finished_at IS NULL"),
        sqlite_where=sa.text("finished_at IS NULL"),
    )

    op.create_table(
        "callback_event",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_number", sa.Unicode(length=26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("from_status", sa.Unicode(length=16), nullable=True),
        sa.Column("to_status", sa.Unicode(length=16), nullable=False),
        sa.Column("who", sa.Unicode(length=96), nullable=False),
        sa.Column("why", sa.Unicode(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_number"], ["callback.account_number"], name=op.f("fk_callback_event_account_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_event")),
    )
    op.create_index("ix_callback_event_account_number", "callback_event", ["account_number", "id"], unique=False)

    op.create_table(
        "callback_request",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Unicode(length=32), nullable=False),
        sa.Column("skill", sa.Unicode(length=64), nullable=True),
        sa.Column("campaign", sa.Unicode(length=64), nullable=True),
        sa.Column("call_id", sa.Unicode(length=64), nullable=True),
        sa.Column("source", sa.Unicode(length=16), nullable=False),
        sa.Column("api_client_id", sa.Integer(), nullable=True),
        sa.Column("account_number", sa.Unicode(length=26), nullable=True),
        sa.Column("slots_offered", sa.Integer(), nullable=True),
        sa.Column("request_key", exact_nvarchar(128), nullable=True),
        sa.Column("request_hash", sa.Unicode(length=64), nullable=True),
        sa.Column("answer", Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_number"], ["callback.account_number"], name=op.f("fk_callback_request_account_number")
        ),
        sa.ForeignKeyConstraint(["api_client_id"], ["api_client.id"], name=op.f("fk_callback_request_api_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_request")),
    )
    op.create_index("ix_callback_request_account_number", "callback_request", ["account_number"], unique=False)
    op.create_index("ix_callback_request_at", "callback_request", ["at", "outcome"], unique=False)
    op.create_index("ix_callback_request_call_id", "callback_request", ["call_id"], unique=False)
    op.create_index(
        "uq_callback_request_request_key",
        "callback_request",
        ["api_client_id", "request_key"],
        unique=True,
        mssql_where=sa.text("request_key IS NOT NULL"),
        sqlite_where=sa.text("request_key IS NOT NULL"),
    )
    # The rows of the one-row tables: nothing ever inserts into them again.
    op.execute("INSERT INTO catalogue_version (id, version) VALUES (1, 1)")
    op.execute("INSERT INTO mastership (id, epoch) VALUES (1, 0)")


def downgrade() -> None:

    op.drop_table("callback_request")

    op.drop_table("callback_event")

    op.drop_table("attempt")

    op.drop_table("slot")
    op.drop_table("skill_schedule")

    op.drop_table("callback")

    op.drop_table("pool")
    op.drop_table("campaign_skill")
    op.drop_table("weekly_schedule")
    op.drop_table("skill")
    op.drop_table("worker_node")
    op.drop_table("setting")
    op.drop_table("mastership_term")
    op.drop_table("mastership")
    op.drop_table("do_not_call")
    op.drop_table("daily_schedule")
    op.drop_table("catalogue_version")
    op.drop_table("campaign")
    op.drop_table("api_client")
