"""What administrators configure: skills, campaigns, schedules, rules, keys. Small tables, read as one snapshot."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.columns import LOCAL_DATE, Json, UtcDateTime, nvarchar
from shared.db.models.base import Base, Edited, Named


class ConfigVersion(Base):
    """One row: the version of the configuration. Every write to a table of this module adds one to it in the same
    transaction, which invalidates every cached snapshot."""

    __tablename__ = "config_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class Skill(Named, Edited, Base):
    """A UCCE skill group. `accepts_bookings` is the operators' brake for this skill."""

    __tablename__ = "skill"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(nvarchar(64))
    description: Mapped[str | None] = mapped_column(nvarchar(255))
    ucce_skill_group_id: Mapped[int | None]
    default_campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    accepts_bookings: Mapped[bool] = mapped_column(default=True)


class Campaign(Named, Edited, Base):
    """A UCCE outbound campaign: the desired state, and what the master observed (services/README.md, decision 6).

    `parameters` holds Cisco's own field names and values (ucce/REFERENCE.md 1.3). `sync_state` is `pending`, `in_sync`
    or `error`, `sync_message` UCCE's own words. `applied_version` is the `version` that was last brought to UCCE,
    `observed` are the fields that UCCE has, `drift` those that differ: `{field: {"desired": …, "observed": …}}`.

    `ucce_names` are the names that we gave it in UCCE or are about to give it: a campaign there of another name is not
    ours. `enabled_in_ucce` says that we enabled it there, so that whoever switched it off since was not us. `hold` is
    `not_ours` or `switched_off`: nothing is changed in UCCE or handed over until a person decides; `hold_candidates`
    are the campaigns in UCCE that may be taken over then (`ucceId`, `name`).
    """

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("name"),
        Index("uq_campaign_ucce_id", "ucce_id", unique=True, mssql_where=text("ucce_id IS NOT NULL"),
              sqlite_where=text("ucce_id IS NOT NULL")),
        CheckConstraint("max_attempts >= 1 AND max_attempts <= 20", name="max_attempts"),
        CheckConstraint("dial_form IN ('national', 'international')", name="dial_form"),
        CheckConstraint("personal_callbacks IN ('agentThenSkill', 'agentNextSlot')", name="personal_callbacks"),
        CheckConstraint("agent_wait_minutes >= 0 AND agent_wait_minutes <= 60", name="agent_wait_minutes"),
        CheckConstraint("calling_hours_start < calling_hours_end", name="calling_hours"),
        CheckConstraint("sync_state IN ('pending', 'in_sync', 'error')", name="sync_state"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(nvarchar(32))
    description: Mapped[str | None] = mapped_column(nvarchar(255))
    enabled: Mapped[bool] = mapped_column(default=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    # how the dialer must be given a number
    dial_prefix: Mapped[str] = mapped_column(nvarchar(8), default="")
    dial_form: Mapped[str] = mapped_column(nvarchar(16), default="national")
    dial_region: Mapped[str] = mapped_column(nvarchar(2), default="US")
    dial_international_prefix: Mapped[str] = mapped_column(nvarchar(8), default="011")
    # who calls again after a result, never both (services/README.md, decision 11): UCCE by its rules, or we by these
    retries_by_ucce: Mapped[bool] = mapped_column(default=False, server_default=text("0"))
    max_attempts: Mapped[int] = mapped_column(default=1)
    retry_delays: Mapped[dict[str, int]] = mapped_column(Json)  # outcome → minutes
    # what the script does with a personal callback (shared/callbacks/personal.py)
    personal_callbacks: Mapped[str] = mapped_column(
        nvarchar(16), default="agentThenSkill", server_default=text("'agentThenSkill'")
    )
    agent_wait_minutes: Mapped[int] = mapped_column(default=2, server_default=text("2"))
    # local times at the called party's place, as HH:MM; the end may be 24:00
    calling_hours_start: Mapped[str] = mapped_column(nvarchar(5), default="08:00", server_default=text("'08:00'"))
    calling_hours_end: Mapped[str] = mapped_column(nvarchar(5), default="21:00", server_default=text("'21:00'"))
    hands_over: Mapped[bool] = mapped_column(default=True)  # the operators' brake for this campaign
    max_hand_overs_per_cycle: Mapped[int | None]
    # what the master observed
    ucce_id: Mapped[int | None]
    change_stamp: Mapped[int | None]
    observed: Mapped[dict[str, Any] | None] = mapped_column(Json)
    drift: Mapped[dict[str, Any] | None] = mapped_column(Json)
    sync_state: Mapped[str] = mapped_column(nvarchar(16), default="pending")
    sync_message: Mapped[str | None] = mapped_column(nvarchar(1000))
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_version: Mapped[int | None]
    ucce_names: Mapped[list[str] | None] = mapped_column(Json)
    enabled_in_ucce: Mapped[bool] = mapped_column(default=False, server_default=text("0"))
    hold: Mapped[str | None] = mapped_column(nvarchar(16))
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_candidates: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)


class CampaignSkill(Base):
    """A campaign serves a skill (ucce/REFERENCE.md 1.3).

    `dialed_number` runs the agent reservation script. Answered calls of an IVR campaign, and machines where its
    parameters say so, are transferred to `ivr_route_point`, at most `ivr_ports` at once; a call for which no agent is
    free to `abandoned_route_point`.
    """

    __tablename__ = "campaign_skill"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    dialed_number: Mapped[str | None] = mapped_column(nvarchar(10))
    overflow_agents: Mapped[int] = mapped_column(default=0)
    records_to_cache: Mapped[int] = mapped_column(default=1)
    ivr_route_point: Mapped[str | None] = mapped_column(nvarchar(32))
    ivr_ports: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    abandoned_route_point: Mapped[str | None] = mapped_column(nvarchar(10))


class DailySchedule(Named, Edited, Base):
    """The capacities of a day's 48 half hours, from 00:00 local time."""

    __tablename__ = "daily_schedule"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(nvarchar(64))
    capacities: Mapped[list[int]] = mapped_column(Json)


class WeeklySchedule(Named, Edited, Base):
    """A daily schedule for each weekday; none means no slots that day."""

    __tablename__ = "weekly_schedule"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(nvarchar(64))
    monday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    tuesday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    wednesday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    thursday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    friday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    saturday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))
    sunday_id: Mapped[int | None] = mapped_column(ForeignKey("daily_schedule.id"))


class Pool(Base):
    """The capacity a booking draws from: of a skill, or of a campaign and skill where that has its own."""

    __tablename__ = "pool"
    __table_args__ = (
        # SQL Server takes NULLs as equal in a unique constraint; two filtered indexes say what is meant on both.
        Index("uq_pool_skill_id", "skill_id", unique=True, mssql_where=text("campaign_id IS NULL"),
              sqlite_where=text("campaign_id IS NULL")),
        Index("uq_pool_skill_id_campaign_id", "skill_id", "campaign_id", unique=True,
              mssql_where=text("campaign_id IS NOT NULL"), sqlite_where=text("campaign_id IS NOT NULL")),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    time_zone: Mapped[str] = mapped_column(nvarchar(64))  # IANA


class SkillSchedule(Edited, Base):
    """The assignment: from `starts_on` (local) the pool follows this weekly schedule, or none at all."""

    __tablename__ = "skill_schedule"
    __table_args__ = (UniqueConstraint("pool_id", "starts_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    weekly_schedule_id: Mapped[int | None] = mapped_column(ForeignKey("weekly_schedule.id"))
    starts_on: Mapped[date] = mapped_column(LOCAL_DATE)


class Setting(Edited, Base):
    """A business setting that differs from its default (shared/callbacks/settings.py)."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class ApiClient(Edited, Base):
    """A caller of the booking API or /ops. Of a key only the SHA-256 is kept; it has 32 random bytes itself.

    The key before the last one works until `previous_key_ends_at`, so that a key is replaced without an interruption.
    `…used_at` are to a minute; they are no edit and leave `version` alone.
    """

    __tablename__ = "api_client"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("key_hash"))
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(nvarchar(64))
    key_hash: Mapped[str] = mapped_column(nvarchar(64))
    key_hint: Mapped[str] = mapped_column(nvarchar(8))  # the last characters, to tell keys apart in the portal
    scopes: Mapped[list[str]] = mapped_column(Json)
    enabled: Mapped[bool] = mapped_column(default=True)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    previous_key_hash: Mapped[str | None] = mapped_column(nvarchar(64))
    previous_key_hint: Mapped[str | None] = mapped_column(nvarchar(8))
    previous_key_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    previous_key_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rate_per_second: Mapped[int | None]  # none: the settings' for its scopes
    # Whether the flat calls for voice answer its refusals as 200 with `result`, where a request does not say.
    always_200: Mapped[bool] = mapped_column(default=False, server_default=text("0"))
