"""Create the schema

Revision ID: 0001
Revises:

Primary and foreign keys and constraints get their names from the naming convention of shared/db/models/base.py.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db.audit_retention import PURGE_PROCEDURE
from shared.db.columns import BIG_ID, LOCAL_DATE, Json, UtcDateTime, exact_nvarchar
from shared.reports.views import view_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "config_version", "mastership", "mastership_term", "worker_node", "setting", "api_client", "do_not_call",
    "erased_do_not_call", "erasure", "campaign", "skill", "campaign_skill", "daily_schedule", "weekly_schedule",
    "pool", "skill_schedule", "slot", "callback", "attempt", "callback_event", "callback_request", "portal_user",
    "portal_user_skill", "recovery_code", "portal_session", "portal_device", "agent_session", "login_limit",
    "audit_log", "audit_seal", "job", "job_part", "job_line",
)  # fmt: skip


def upgrade() -> None:
    _create_one_row_tables()
    _create_node_tables()
    _create_configuration()
    _create_schedules()
    _create_callbacks()
    _create_attempts_and_events()
    _create_callback_requests()
    _create_portal_tables()
    _create_jobs()
    for name, select in view_sql(op.get_context().dialect.name).items():
        op.execute(f"CREATE VIEW {name} AS {select.strip()}")
    if op.get_context().dialect.name == "mssql":
        op.execute(PURGE_PROCEDURE)


def downgrade() -> None:
    if op.get_context().dialect.name == "mssql":
        op.execute("DROP PROCEDURE purge_audit_log")
    for name in view_sql(op.get_context().dialect.name):
        op.execute(f"DROP VIEW {name}")
    for table in reversed(TABLES):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _edited() -> list[sa.Column[Any]]:
    """The columns of a row that people edit."""
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Unicode(96)),
    ]


def _name_key() -> sa.Column[str]:
    return sa.Column("name_key", exact_nvarchar(200), nullable=False, server_default=sa.text("''"))


def _index_name_key(table: str) -> None:
    op.create_index(f"ix_{table}_name_key", table, ["name_key"], unique=True)


def _where(condition: str) -> dict[str, Any]:
    return {"mssql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def _create_one_row_tables() -> None:
    op.create_table(
        "config_version",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.create_table(
        "mastership",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("hand_overs", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("node", sa.Unicode(64)),
        sa.Column("since", UtcDateTime()),
        sa.Column("touched_at", UtcDateTime()),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    # Nothing ever inserts into these two again.
    op.execute("INSERT INTO config_version (id, version) VALUES (1, 1)")
    op.execute("INSERT INTO mastership (id, epoch) VALUES (1, 0)")


def _create_node_tables() -> None:
    op.create_table(
        "mastership_term",
        sa.Column("epoch", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("node", sa.Unicode(64), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("end_reason", sa.Unicode(255)),
    )
    op.create_table(
        "worker_node",
        sa.Column("node", sa.Unicode(64), primary_key=True),
        sa.Column("version", sa.Unicode(32), nullable=False),
        sa.Column("role", sa.Unicode(16), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("status", Json(), nullable=False),
    )


def _create_configuration() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.Unicode(64), primary_key=True),
        sa.Column("value", Json(), nullable=False),
        *_edited(),
    )
    op.create_table(
        "api_client",
        _id(),
        sa.Column("name", sa.Unicode(64), nullable=False),
        sa.Column("key_hash", sa.Unicode(64), nullable=False),
        sa.Column("key_hint", sa.Unicode(8), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("last_used_at", UtcDateTime()),
        sa.Column("previous_key_hash", sa.Unicode(64)),
        sa.Column("previous_key_hint", sa.Unicode(8)),
        sa.Column("previous_key_ends_at", UtcDateTime()),
        sa.Column("previous_key_used_at", UtcDateTime()),
        sa.Column("rate_per_second", sa.Integer()),
        sa.Column("always_200", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        *_edited(),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_table(
        "do_not_call",
        sa.Column("phone", sa.Unicode(20), primary_key=True),
        sa.Column("note", sa.Unicode(255)),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Unicode(96)),
    )
    _create_erasures()
    _create_campaigns()


def _create_erasures() -> None:
    op.create_table(
        "erased_do_not_call",
        sa.Column("phone_hash", sa.Unicode(64), primary_key=True),
        sa.Column("key_id", sa.Unicode(16), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "erasure",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("requested_by", sa.Unicode(96), nullable=False),
        sa.Column("callbacks", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
    )
    op.create_index("ix_erasure_finished_at", "erasure", ["finished_at"])


def _create_campaigns() -> None:
    op.create_table(
        "campaign",
        _id(),
        sa.Column("name", sa.Unicode(32), nullable=False),
        _name_key(),
        sa.Column("description", sa.Unicode(255)),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("parameters", Json(), nullable=False),
        sa.Column("dial_prefix", sa.Unicode(8), nullable=False),
        sa.Column("dial_form", sa.Unicode(16), nullable=False),
        sa.Column("dial_region", sa.Unicode(2), nullable=False),
        sa.Column("dial_international_prefix", sa.Unicode(8), nullable=False),
        sa.Column("retries_by_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("retry_delays", Json(), nullable=False),
        sa.Column("personal_callbacks", sa.Unicode(16), nullable=False, server_default=sa.text("'agentThenSkill'")),
        sa.Column("agent_wait_minutes", sa.Integer(), nullable=False, server_default=sa.text("2")),
        sa.Column("calling_hours_start", sa.Unicode(5), nullable=False, server_default=sa.text("'08:00'")),
        sa.Column("calling_hours_end", sa.Unicode(5), nullable=False, server_default=sa.text("'21:00'")),
        sa.Column("hands_over", sa.Boolean(), nullable=False),
        sa.Column("max_hand_overs_per_cycle", sa.Integer()),
        sa.Column("ucce_id", sa.Integer()),
        sa.Column("change_stamp", sa.Integer()),
        sa.Column("observed", Json()),
        sa.Column("drift", Json()),
        sa.Column("sync_state", sa.Unicode(16), nullable=False),
        sa.Column("sync_message", sa.Unicode(1000)),
        sa.Column("synced_at", UtcDateTime()),
        sa.Column("applied_version", sa.Integer()),
        sa.Column("ucce_names", Json()),
        sa.Column("enabled_in_ucce", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("hold", sa.Unicode(16)),
        sa.Column("held_at", UtcDateTime()),
        sa.Column("hold_candidates", Json()),
        *_edited(),
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("max_attempts >= 1 AND max_attempts <= 20", name="max_attempts"),
        sa.CheckConstraint("dial_form IN ('national', 'international')", name="dial_form"),
        sa.CheckConstraint("personal_callbacks IN ('agentThenSkill', 'agentNextSlot')", name="personal_callbacks"),
        sa.CheckConstraint("agent_wait_minutes >= 0 AND agent_wait_minutes <= 60", name="agent_wait_minutes"),
        sa.CheckConstraint("calling_hours_start < calling_hours_end", name="calling_hours"),
        sa.CheckConstraint("sync_state IN ('pending', 'in_sync', 'error')", name="sync_state"),
    )
    _index_name_key("campaign")
    op.create_index("uq_campaign_ucce_id", "campaign", ["ucce_id"], unique=True, **_where("ucce_id IS NOT NULL"))
    op.create_table(
        "skill",
        _id(),
        sa.Column("name", sa.Unicode(64), nullable=False),
        _name_key(),
        sa.Column("description", sa.Unicode(255)),
        sa.Column("ucce_skill_group_id", sa.Integer()),
        sa.Column("default_campaign_id", sa.Integer(), sa.ForeignKey("campaign.id")),
        sa.Column("accepts_bookings", sa.Boolean(), nullable=False),
        *_edited(),
        sa.UniqueConstraint("name"),
    )
    _index_name_key("skill")
    op.create_table(
        "campaign_skill",
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id"), primary_key=True),
        sa.Column("skill_id", sa.Integer(), sa.ForeignKey("skill.id"), primary_key=True),
        sa.Column("dialed_number", sa.Unicode(10)),
        sa.Column("overflow_agents", sa.Integer(), nullable=False),
        sa.Column("records_to_cache", sa.Integer(), nullable=False),
        sa.Column("ivr_route_point", sa.Unicode(32)),
        sa.Column("ivr_ports", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("abandoned_route_point", sa.Unicode(10)),
    )


def _create_schedules() -> None:
    op.create_table(
        "daily_schedule",
        _id(),
        sa.Column("name", sa.Unicode(64), nullable=False),
        _name_key(),
        sa.Column("capacities", Json(), nullable=False),
        *_edited(),
        sa.UniqueConstraint("name"),
    )
    _index_name_key("daily_schedule")
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    op.create_table(
        "weekly_schedule",
        _id(),
        sa.Column("name", sa.Unicode(64), nullable=False),
        _name_key(),
        *(sa.Column(f"{day}_id", sa.Integer(), sa.ForeignKey("daily_schedule.id")) for day in days),
        *_edited(),
        sa.UniqueConstraint("name"),
    )
    _index_name_key("weekly_schedule")
    op.create_table(
        "pool",
        _id(),
        sa.Column("skill_id", sa.Integer(), sa.ForeignKey("skill.id"), nullable=False),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id")),
        sa.Column("time_zone", sa.Unicode(64), nullable=False),
    )
    # SQL Server takes NULLs as equal in a unique constraint: two filtered indexes.
    op.create_index("uq_pool_skill_id", "pool", ["skill_id"], unique=True, **_where("campaign_id IS NULL"))
    op.create_index(
        "uq_pool_skill_id_campaign_id", "pool", ["skill_id", "campaign_id"], unique=True,
        **_where("campaign_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "skill_schedule",
        _id(),
        sa.Column("pool_id", sa.Integer(), sa.ForeignKey("pool.id"), nullable=False),
        sa.Column("weekly_schedule_id", sa.Integer(), sa.ForeignKey("weekly_schedule.id")),
        sa.Column("starts_on", LOCAL_DATE, nullable=False),
        *_edited(),
        sa.UniqueConstraint("pool_id", "starts_on"),
    )
    op.create_table(
        "slot",
        _id(),
        sa.Column("pool_id", sa.Integer(), sa.ForeignKey("pool.id"), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.UniqueConstraint("pool_id", "start_at"),
        sa.CheckConstraint("booked >= 0", name="booked"),
    )
    op.create_index("ix_slot_start_at", "slot", ["start_at"])


def _create_callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("account_number", sa.Unicode(26), primary_key=True),
        sa.Column("status", sa.Unicode(16), nullable=False),
        sa.Column("phone", sa.Unicode(20), nullable=False),
        sa.Column("open_rank", sa.Integer()),
        sa.Column("skill_id", sa.Integer(), sa.ForeignKey("skill.id"), nullable=False),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("pool_id", sa.Integer(), sa.ForeignKey("pool.id"), nullable=False),
        sa.Column("slot_start", UtcDateTime(), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("first_name", sa.Unicode(50)),
        sa.Column("last_name", sa.Unicode(50)),
        sa.Column("agent_id", sa.Unicode(32)),
        sa.Column("time_zone", sa.Unicode(64)),
        sa.Column("customer_time_zone", sa.Unicode(64)),
        sa.Column("calling_zones", sa.Unicode(400)),
        sa.Column("call_data", Json(), nullable=False),
        sa.Column("call_id", sa.Unicode(64)),
        sa.Column("source", sa.Unicode(16), nullable=False),
        sa.Column("api_client_id", sa.Integer(), sa.ForeignKey("api_client.id")),
        sa.Column("booked_by_agent", sa.Unicode(32)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Unicode(26)),
        sa.Column("outcome", sa.Unicode(32)),
        sa.Column("reason", sa.Unicode(500)),
        sa.Column("erasure_id", BIG_ID),
        sa.Column("agent_outcome", sa.Unicode(32)),
        sa.Column("agent_outcome_attempt", sa.Integer()),
        sa.Column("follow_up_of", sa.Unicode(26)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('scheduled', 'importing', 'imported', 'completed', 'failed', 'cancelled', 'expired')",
            name="status",
        ),
        sa.CheckConstraint("agent_outcome IN ('agent', 'skill', 'agent_unavailable')", name="agent_outcome"),
    )
    # The n-th open callback of a number: the limit holds under any concurrency without a lock.
    op.create_index(
        "uq_callback_phone_open_rank", "callback", ["phone", "open_rank"], unique=True,
        **_where("open_rank IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_callback_due", "callback", ["status", "campaign_id", "due_at"],
        mssql_include=["slot_start", "phone", "attempts", "erasure_id", "pool_id", "calling_zones"],
    )  # fmt: skip
    op.create_index(
        "ix_callback_personal", "callback", ["start_at"], mssql_include=["status", "changed_at"],
        **_where("phone <> 'removed'"),
    )  # fmt: skip
    op.create_index("ix_callback_batch", "callback", ["batch_id"], **_where("status = 'importing'"))
    op.create_index(
        "uq_callback_follow_up_of", "callback", ["follow_up_of"], unique=True, **_where("follow_up_of IS NOT NULL")
    )
    op.create_index("ix_callback_erasure", "callback", ["erasure_id", "status"], **_where("erasure_id IS NOT NULL"))
    for name, columns in {
        "slot": ["pool_id", "slot_start", "status"],
        "phone": ["phone", "created_at"],
        "start": ["start_at"],
        "api_client": ["api_client_id"],
        "status": ["status", "start_at", "account_number", "pool_id"],
        "skill": ["skill_id", "status", "start_at", "account_number", "campaign_id", "pool_id"],
        "campaign": ["campaign_id", "status", "start_at", "account_number", "pool_id"],
    }.items():
        op.create_index(f"ix_callback_{name}", "callback", columns)


def _create_attempts_and_events() -> None:
    op.create_table(
        "attempt",
        sa.Column("contact_key", sa.Unicode(29), primary_key=True),
        sa.Column("account_number", sa.Unicode(26), sa.ForeignKey("callback.account_number"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("ucce_campaign_id", sa.Integer()),
        sa.Column("batch_id", sa.Unicode(26), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.Unicode(64), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("imported_at", UtcDateTime()),
        sa.Column("listed_at", UtcDateTime()),
        sa.Column("dialed_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("outcome", sa.Unicode(32)),
        sa.Column("call_result", sa.Integer()),
        sa.Column("call_status", sa.Unicode(32)),
        sa.Column("calls_made", sa.Integer()),
        sa.Column("message", sa.Unicode(500)),
        sa.UniqueConstraint("account_number", "number"),
    )
    op.create_index(
        "uq_attempt_account_number_unfinished", "attempt", ["account_number"], unique=True,
        **_where("finished_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_attempt_batch", "attempt", ["batch_id"])
    op.create_index("ix_attempt_claimed", "attempt", ["claimed_at"])
    op.create_index("ix_attempt_campaign", "attempt", ["campaign_id"])
    op.create_table(
        "callback_event",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_number", sa.Unicode(26), sa.ForeignKey("callback.account_number"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("from_status", sa.Unicode(16)),
        sa.Column("to_status", sa.Unicode(16), nullable=False),
        sa.Column("who", sa.Unicode(96), nullable=False),
        sa.Column("why", sa.Unicode(500), nullable=False),
    )
    op.create_index("ix_callback_event_account_number", "callback_event", ["account_number", "id"])


def _create_callback_requests() -> None:
    op.create_table(
        "callback_request",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("record_id", sa.Unicode(26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Unicode(32), nullable=False),
        sa.Column("skill", sa.Unicode(64)),
        sa.Column("campaign", sa.Unicode(64)),
        sa.Column("call_id", sa.Unicode(64)),
        sa.Column("source", sa.Unicode(16), nullable=False),
        sa.Column("api_client_id", sa.Integer(), sa.ForeignKey("api_client.id")),
        sa.Column("account_number", sa.Unicode(26), sa.ForeignKey("callback.account_number")),
        sa.Column("slots_offered", sa.Integer()),
        sa.Column("requester", sa.Unicode(48)),
        sa.Column("request_key", exact_nvarchar(128)),
        sa.Column("request_hash", sa.Unicode(64)),
        sa.Column("response", Json()),
        sa.UniqueConstraint("record_id"),
    )
    keyed = _where("request_key IS NOT NULL")
    op.create_index(
        "uq_callback_request_request_key", "callback_request", ["requester", "request_key"], unique=True, **keyed
    )
    op.create_index("ix_callback_request_keyed", "callback_request", ["at"], **keyed)
    op.create_index(
        "ix_callback_request_personal", "callback_request", ["at"], mssql_include=["call_id", "outcome"],
        **_where("call_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index("ix_callback_request_at", "callback_request", ["at", "outcome"])
    op.create_index("ix_callback_request_api_client", "callback_request", ["api_client_id"])
    op.create_index(
        "ix_callback_request_call_id", "callback_request", ["call_id", "at"],
        mssql_include=["api_client_id", "outcome", "slots_offered"],
    )  # fmt: skip
    op.create_index("ix_callback_request_account_number", "callback_request", ["account_number"])


def _create_portal_tables() -> None:
    op.create_table(
        "portal_user",
        _id(),
        sa.Column("source", sa.Unicode(8), nullable=False),
        sa.Column("external_id", sa.Unicode(80)),
        sa.Column("name", sa.Unicode(64), nullable=False),
        sa.Column("display_name", sa.Unicode(128), nullable=False),
        sa.Column("password_hash", sa.Unicode(255)),
        sa.Column("role", sa.Unicode(16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", UtcDateTime(), nullable=False),
        sa.Column("last_login_at", UtcDateTime()),
        sa.Column("session_generation", sa.Integer(), nullable=False),
        sa.Column("all_skills", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.Column("totp_secret", sa.Unicode(64)),
        sa.Column("totp_pending", sa.Unicode(64)),
        sa.Column("totp_step", sa.BigInteger()),
        sa.Column("sees_phones", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.Column("may_export", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        *_edited(),
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("role IN ('viewer', 'operator', 'supervisor', 'administrator')", name="role"),
        sa.CheckConstraint("source IN ('local', 'ldap', 'oidc')", name="source"),
    )
    op.create_index(
        "uq_portal_user_external_id", "portal_user", ["source", "external_id"], unique=True,
        **_where("external_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "recovery_code",
        _id(),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("portal_user.id"), nullable=False),
        sa.Column("code_hash", sa.Unicode(64), nullable=False),
        sa.UniqueConstraint("user_id", "code_hash"),
    )
    op.create_table(
        "portal_user_skill",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("portal_user.id"), primary_key=True),
        sa.Column("skill_id", sa.Integer(), sa.ForeignKey("skill.id"), primary_key=True),
    )
    op.create_index("ix_portal_user_skill_skill_id", "portal_user_skill", ["skill_id"])
    op.create_table(
        "portal_session",
        sa.Column("token_hash", sa.Unicode(64), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("portal_user.id"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("client", sa.Unicode(200), nullable=False),
        sa.Column("checked_at", UtcDateTime()),
        sa.Column("check_began_at", UtcDateTime()),
        sa.Column("refresh_token", sa.Unicode()),
    )
    op.create_index("ix_portal_session_user_id", "portal_session", ["user_id"])
    op.create_index("ix_portal_session_expires_at", "portal_session", ["expires_at"])
    op.create_table(
        "portal_device",
        sa.Column("device_hash", sa.Unicode(64), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("portal_user.id"), primary_key=True),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_portal_device_user_id", "portal_device", ["user_id"])
    op.create_table(
        "agent_session",
        sa.Column("token_hash", sa.Unicode(64), primary_key=True),
        sa.Column("agent_id", sa.Unicode(32), nullable=False),
        sa.Column("extension", sa.Unicode(32)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("call_phone", sa.Unicode(20)),
        sa.Column("call_until", UtcDateTime()),
        sa.Column("draft", sa.Unicode(4000)),
    )
    op.create_index("ix_agent_session_expires_at", "agent_session", ["expires_at"])
    op.create_index("ix_agent_session_agent_id", "agent_session", ["agent_id"])
    op.create_table(
        "login_limit",
        sa.Column("key", sa.Unicode(64), primary_key=True),
        sa.Column("name_hash", sa.Unicode(4)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", UtcDateTime()),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_login_limit_name_hash", "login_limit", ["name_hash"])
    op.create_index("ix_login_limit_expires_at", "login_limit", ["expires_at"])
    op.create_table(
        "audit_log",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.Unicode(96), nullable=False),
        sa.Column("action", sa.Unicode(32), nullable=False),
        sa.Column("resource", sa.Unicode(32), nullable=False),
        sa.Column("resource_id", sa.Unicode(64)),
        sa.Column("label", sa.Unicode(128)),
        sa.Column("before", Json()),
        sa.Column("after", Json()),
        sa.Column("address", sa.Unicode(64)),
        sa.Column("request_id", sa.Unicode(128)),
        sa.Column("skills", sa.Unicode(400)),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_resource", "audit_log", ["resource", "resource_id"])
    op.create_index("ix_audit_log_who", "audit_log", ["who", "at"])
    op.create_table(
        "audit_seal",
        sa.Column("position", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("audit_id", BIG_ID, nullable=False),
        sa.Column("previous", sa.Unicode(64), nullable=False),
        sa.Column("hash", sa.Unicode(64), nullable=False),
        sa.UniqueConstraint("audit_id"),
    )


def _create_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("kind", sa.Unicode(32), nullable=False),
        sa.Column("status", sa.Unicode(16), nullable=False),
        sa.Column("arguments", Json(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("problem", sa.Unicode(500)),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("lost_runs", sa.Integer(), nullable=False),
        sa.Column("node", sa.Unicode(64)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Unicode(96), nullable=False),
        sa.Column("address", sa.Unicode(64)),
        sa.Column("request_id", sa.Unicode(128)),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("seen_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
    )
    # One job at most runs, on all nodes together.
    op.create_index("uq_job_running", "job", ["status"], unique=True, **_where("status = 'running'"))
    op.create_index("ix_job_status", "job", ["status", "id"])
    op.create_index("ix_job_finished", "job", ["finished_at"])
    op.create_table(
        "job_part",
        sa.Column("job_id", BIG_ID, sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.Unicode(None), nullable=False),
    )
    op.create_table(
        "job_line",
        sa.Column("job_id", BIG_ID, sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("text", sa.Unicode(500), nullable=False),
        sa.Column("outcome", sa.Unicode(255)),
    )
