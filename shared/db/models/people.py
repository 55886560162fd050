"""Who works in the portal, who is logged in, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.columns import BIG_ID, Json, UtcDateTime, nvarchar
from shared.db.models.base import Base, Edited


class PortalUser(Edited, Base):
    """A person who may log in. `name` is kept in lower case: nobody is `Anna` on one engine and `anna` on another.

    `session_generation` grows when all sessions must end (new password, disabled): a session of an older generation is
    none.

    `source` says who knows the password: the portal itself (`local`), or a directory, in which `external_id` stays the
    same when the person is renamed. A user of a directory has no `password_hash`.

    With a `totp_secret` a login with the password needs a code as well (identity/mfa.py).

    Without `all_skills` the person sees what belongs to the skills of PortalUserSkill only, which may be none.
    """

    __tablename__ = "portal_user"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("role IN ('viewer', 'operator', 'supervisor', 'administrator')", name="role"),
        CheckConstraint("source IN ('local', 'ldap', 'oidc')", name="source"),
        Index("uq_portal_user_external_id", "source", "external_id", unique=True,
              mssql_where=text("external_id IS NOT NULL"), sqlite_where=text("external_id IS NOT NULL")),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(nvarchar(8), default="local")
    external_id: Mapped[str | None] = mapped_column(nvarchar(80))
    name: Mapped[str] = mapped_column(nvarchar(64))
    display_name: Mapped[str] = mapped_column(nvarchar(128))
    password_hash: Mapped[str | None] = mapped_column(nvarchar(255))  # argon2id with its parameters
    role: Mapped[str] = mapped_column(nvarchar(16))
    enabled: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=True)
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session_generation: Mapped[int] = mapped_column(default=1)
    all_skills: Mapped[bool] = mapped_column(default=True, server_default=text("1"))
    totp_secret: Mapped[str | None] = mapped_column(nvarchar(64))
    totp_pending: Mapped[str | None] = mapped_column(nvarchar(64))  # given out, not yet confirmed by a code of it
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # of the last code that was taken: none up to it is again
    sees_phones: Mapped[bool] = mapped_column(default=True, server_default=text("1"))  # whole numbers; else masked
    may_export: Mapped[bool] = mapped_column(default=True, server_default=text("1"))


class RecoveryCode(Base):
    """A code that a person without their authenticator logs in with, once: it is deleted then."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("portal_user.id"))
    code_hash: Mapped[str] = mapped_column(nvarchar(64))


class PortalUserSkill(Base):
    """A skill that a person without `all_skills` sees."""

    __tablename__ = "portal_user_skill"
    __table_args__ = (Index(None, "skill_id"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("portal_user.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)


class PortalSession(Base):
    """A login in force. Of the token only its SHA-256 is kept; `expires_at` moves on while the person works.

    Of a directory's user: `checked_at` is when the directory last let the person in, `check_began_at` when a node began
    to ask it again, `refresh_token` what OpenID Connect asks it with, encrypted by a key of the session's token.
    """

    __tablename__ = "portal_session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))
    token_hash: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("portal_user.id"))
    generation: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client: Mapped[str] = mapped_column(nvarchar(200))  # address and browser, for the person to recognise
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refresh_token: Mapped[str | None] = mapped_column(nvarchar(None))


class PortalDevice(Base):
    """A browser in which a user has logged in. Of its token only the SHA-256 is kept; `seen_at` is to a day."""

    __tablename__ = "portal_device"
    device_hash: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("portal_user.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index(None, "user_id"),)


class AgentSession(Base):
    """An agent's login by Finesse in the gadget. Of the token only its SHA-256 is kept; `expires_at` moves on while it
    is used.

    `call_phone` (E.164) is what Finesse said is on the agent's line, until `call_until`. `draft` is what the agent has
    typed, as the gadget keeps it, so that a failover of Finesse to another origin loses nothing.
    """

    __tablename__ = "agent_session"
    __table_args__ = (Index(None, "expires_at"), Index(None, "agent_id"))
    token_hash: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(nvarchar(32))
    extension: Mapped[str | None] = mapped_column(nvarchar(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    call_phone: Mapped[str | None] = mapped_column(nvarchar(20))
    call_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft: Mapped[str | None] = mapped_column(nvarchar(4000))


class LoginLimit(Base):
    """Wrong passwords of one name, address, both or device (services/admin_api/identity/login_limits.py), or wrong
    logins of agents (services/booking_api/agents/login_failures.py), until `expires_at`. `name_hash` is a short hash of
    the name as typed; an address has none."""

    __tablename__ = "login_limit"
    __table_args__ = (Index(None, "name_hash"), Index(None, "expires_at"))
    key: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    name_hash: Mapped[str | None] = mapped_column(nvarchar(4))
    failures: Mapped[int]
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked: Mapped[bool]  # else `blocked_until` ends a pause
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditLog(Base):
    """One act of a person: written in the transaction of the act. Names, not keys: it outlives what it is about.

    `before` and `after` hold what was changed, without secrets and with phone numbers masked. `skills` are the ids of
    the skills that the act is about, each as `;id;` (skills_key): who is limited to some skills sees the rows that name
    no other ones. NULL: an act about the whole system.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "at"),
        Index("ix_audit_log_resource", "resource", "resource_id"),
        Index("ix_audit_log_who", "who", "at"),
    )
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(nvarchar(96))
    action: Mapped[str] = mapped_column(nvarchar(32))
    resource: Mapped[str] = mapped_column(nvarchar(32))
    resource_id: Mapped[str | None] = mapped_column(nvarchar(64))
    label: Mapped[str | None] = mapped_column(nvarchar(128))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    address: Mapped[str | None] = mapped_column(nvarchar(64))
    request_id: Mapped[str | None] = mapped_column(nvarchar(128))
    skills: Mapped[str | None] = mapped_column(nvarchar(400))


class AuditSeal(Base):
    """One link of the chain over the audit log (shared/db/audit_chain.py): the row `audit_id` as it was when it was
    sealed. `position` counts from 1 without gaps; `hash` covers the row and `previous`, the hash of the link before.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("audit_id"),)
    position: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(BIG_ID)
    previous: Mapped[str] = mapped_column(nvarchar(64))
    hash: Mapped[str] = mapped_column(nvarchar(64))
