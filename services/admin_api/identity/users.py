"""Reading and writing users. Nobody can lock themselves out, and one local administrator is always left.

What a directory decides of its users is not changed here (Directories.decided_fields).
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy import update as update_of

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.paging import ListQuery, Page, page_of
from services.admin_api.framework.views import from_row
from services.admin_api.identity import devices, login_limits, mfa, sessions
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.roles import Role
from services.admin_api.identity.source import Source
from services.admin_api.identity.user_skills import UNCHANGED, SkillsChange, check_skills, set_skills
from shared.db.audit import write_audit as audit
from shared.db.columns import without_nulls
from shared.db.key_lists import one_of
from shared.db.models import PortalSession, PortalUser, PortalUserSkill, Skill
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput

RESOURCE = "user"
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$"  # of a local user; a directory gives what names it likes
_AUDITED = ("name", "display_name", "role", "enabled", "sees_phones", "may_export", "skills")


@dataclass(frozen=True, kw_only=True)
class UserChanges:
    """What an administrator may set of a user; the name without regard to case.

    `skill_ids` None: all skills. UNCHANGED and None leave a user's scope as it is, and let a new one see everything.
    """

    name: str
    display_name: str
    role: str
    enabled: bool
    skill_ids: SkillsChange = UNCHANGED
    sees_phones: bool | None = None
    may_export: bool | None = None


@dataclass(frozen=True, kw_only=True)
class NewUser(UserChanges):
    """The same with the first password, which is stored as its hash only."""

    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """A UserSchema; `locked_until` is None once the lock is over. `skills` are the names, for the audit log."""

    id: int
    source: str
    version: int
    changed_at: datetime
    changed_by: str | None
    name: str
    display_name: str
    role: str
    enabled: bool
    skill_ids: Sequence[int] | None
    skills: Sequence[str] | None
    sees_phones: bool
    may_export: bool
    must_change: bool
    mfa_enabled: bool
    locked_until: datetime | None
    last_login_at: datetime | None
    password_changed_at: datetime

    @property
    def locked(self) -> bool:
        """Whether wrong passwords keep the user out somewhere now."""
        return self.locked_until is not None


@retried
def list_page(database: Database, query: ListQuery, now: datetime) -> Page:
    """One page of users."""
    sorts = {"name": PortalUser.name, "displayName": PortalUser.display_name, "role": PortalUser.role,
             "lastLoginAt": PortalUser.last_login_at}  # fmt: skip
    with database.reading() as connection:
        result = page_of(connection, select(*PortalUser.__table__.columns), query, sorts=sorts, tie=PortalUser.id,
                        search=[PortalUser.name, PortalUser.display_name])  # fmt: skip
        return replace(result, items=_to_response(connection, result.items, now))


@retried
def get(database: Database, key: int, now: datetime) -> UserView:
    """A user. Raises `not_found`."""
    with database.reading() as connection:
        return read(connection, key, now)


@retried
def create(database: Database, changes: UserChanges, password_hash: str, by: CurrentUser, now: datetime) -> UserView:
    """Raises `already_exists`, validation errors."""
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        check_skills(tx, changes.skill_ids, changes.role, all_skills=True)
        key = add_user(tx, changes, password_hash, by=by, now=now, must_change=True)
        user = read(tx, key, now)
        audit(tx, by, "create", "users", key, now=now, label=user.name, after=audit_fields(user))
        tx.commit()
    return user


def add_user(
    tx: Connection, changes: UserChanges, password_hash: str, *, by: CurrentUser, now: datetime, must_change: bool
) -> int:
    """Insert a user in the caller's transaction."""
    values = {**_values(changes), "password_hash": password_hash, "must_change": must_change,
              "password_changed_at": now, "session_generation": 1}  # fmt: skip
    key = int(optimistic_locking.insert_row(tx, PortalUser, values, by=by, now=now))
    set_skills(tx, key, changes.skill_ids)
    return key


@retried
def update(
    database: Database, key: int, changes: UserChanges, by: CurrentUser, now: datetime,
    *, decided_fields: Callable[[Source], Collection[str]],
) -> UserView:  # fmt: skip
    """Raises `not_found`, `stale_version`, `already_exists`, validation errors, `in_use` where nobody would be left."""
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, PortalUser, key, RESOURCE)
        user_before = read(tx, key, now)
        _refuse_what_the_directory_decides(user_before, changes, decided_fields(before.source))
        if before.source == Source.LOCAL and not re.fullmatch(NAME_PATTERN, changes.name):
            raise InvalidInput({"name": [f"Must match {NAME_PATTERN}"]})
        check_skills(tx, changes.skill_ids, changes.role, all_skills=before.all_skills)
        values = _values(changes)
        if not (changes.enabled and changes.role == Role.ADMINISTRATOR):
            _keep_an_administrator(tx, before, by)
        if not changes.enabled:
            values["session_generation"] = before.session_generation + 1
        optimistic_locking.update_row(tx, PortalUser, before, values, by=by, now=now)
        set_skills(tx, key, changes.skill_ids)
        if not changes.enabled:
            sessions.delete_sessions(tx, PortalSession.user_id == key)
        user = read(tx, key, now)
        audit(tx, by, "update", "users", key, now=now, label=user.name, before=audit_fields(user_before),
              after=audit_fields(user))  # fmt: skip
        tx.commit()
    return user


@retried
def delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    """Raises `not_found`, `stale_version`, `in_use` where nobody would be left."""
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, PortalUser, key, RESOURCE)
        _keep_an_administrator(tx, row, by)
        user = read(tx, key, now)
        mfa.forget_recovery_codes(tx, key)
        sessions.delete_sessions(tx, PortalSession.user_id == key)
        devices.forget(tx, key)
        set_skills(tx, key, None)
        optimistic_locking.delete_row(tx, PortalUser, row)
        audit(tx, by, "delete", "users", key, now=now, label=row.name, before=audit_fields(user))
        tx.commit()


@retried
def reset_password(database: Database, key: int, password_hash: str, by: CurrentUser, now: datetime) -> UserView:
    """Raises `not_found`. It is no edit of what the form shows: the version stays."""
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, PortalUser, key, RESOURCE)
        if row.source != Source.LOCAL:
            raise InvalidInput({"password": ["This person's password is kept by the directory: change it there."]})
        tx.execute(
            update_of(PortalUser)
            .where(PortalUser.id == key)
            .values(password_hash=password_hash, must_change=True, password_changed_at=now,
                    session_generation=PortalUser.session_generation + 1)
        )  # fmt: skip
        sessions.delete_sessions(tx, PortalSession.user_id == key)
        devices.forget(tx, key)
        login_limits.unlock(tx, row.name)
        audit(tx, by, "reset_password", "users", key, now=now, label=row.name)
        user = read(tx, key, now)
        tx.commit()
    return user


@retried
def reset_mfa(database: Database, key: int, by: CurrentUser, now: datetime) -> UserView:
    """Raises `not_found`."""
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, PortalUser, key, RESOURCE)
        mfa.switch_off(tx, key)
        ended = PortalUser.session_generation + 1
        tx.execute(update_of(PortalUser).where(PortalUser.id == key).values(session_generation=ended))
        sessions.delete_sessions(tx, PortalSession.user_id == key)
        audit(tx, by, "reset_mfa", "users", key, now=now, label=row.name)
        user = read(tx, key, now)
        tx.commit()
    return user


@retried
def unlock(database: Database, key: int, by: CurrentUser, now: datetime) -> UserView:
    """Raises `not_found`."""
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, PortalUser, key, RESOURCE)
        login_limits.unlock(tx, row.name)
        audit(tx, by, "unlock", "users", key, now=now, label=row.name)
        user = read(tx, key, now)
        tx.commit()
    return user


def _refuse_what_the_directory_decides(user: UserView, changes: UserChanges, decided: Collection[str]) -> None:
    wanted = user.skill_ids if changes.skill_ids is UNCHANGED else changes.skill_ids
    changed = {
        "name": changes.name.casefold() != user.name,
        "displayName": changes.display_name != user.display_name,
        "role": changes.role != user.role,
        "skillIds": (wanted is None, {*(wanted or ())}) != (user.skill_ids is None, {*(user.skill_ids or ())}),
        "seesPhones": changes.sees_phones not in (None, user.sees_phones),
        "mayExport": changes.may_export not in (None, user.may_export),
    }
    refused = {name: ["The directory decides this."] for name in decided if changed[name]}
    if refused:
        raise InvalidInput(refused)


def _keep_an_administrator(tx: Connection, row: Any, by: CurrentUser) -> None:
    """One local administrator is left, who can log in while no directory answers; and nobody shuts themselves out."""
    if row.id == by.id:
        raise DomainError(Code.IN_USE, "You cannot disable, demote or delete yourself.", usedBy=["your own session"])
    if row.role != Role.ADMINISTRATOR or row.source != Source.LOCAL:
        return
    # Two who demote each other at the same time meet at these rows: the second one sees what the first did.
    administrators = (PortalUser.role == Role.ADMINISTRATOR) & (PortalUser.source == Source.LOCAL)
    tx.execute(update_of(PortalUser).where(administrators).values(session_generation=PortalUser.session_generation))
    others = select(func.count()).where(administrators, PortalUser.enabled, PortalUser.id != row.id)
    if not tx.execute(others).scalar_one():
        raise DomainError(Code.IN_USE, "This is the last local administrator.", usedBy=["the portal's administration"])


def read(connection: Connection, key: int, now: datetime) -> UserView:
    """Raises `not_found`."""
    return _to_response(connection, [optimistic_locking.read_row(connection, PortalUser, key, RESOURCE)], now)[0]


def _to_response(connection: Connection, rows: Sequence[Any], now: datetime) -> list[UserView]:
    limited: dict[int, dict[int, str]] = {row.id: {} for row in rows if not row.all_skills}
    statement = (
        select(PortalUserSkill.user_id, Skill.id, Skill.name)
        .join(Skill, Skill.id == PortalUserSkill.skill_id)
        .where(one_of(PortalUserSkill.user_id, limited))
        .order_by(Skill.name)
    )
    for row in connection.execute(statement) if limited else ():
        limited[row.user_id][row.id] = row.name
    locked_until = login_limits.locked_until(connection, [row.name for row in rows], now)
    views = []
    for row in rows:
        skills = limited.get(row.id)
        views.append(
            from_row(
                UserView,
                row,
                mfa_enabled=row.totp_secret is not None,
                locked_until=locked_until.get(row.name),
                skill_ids=None if skills is None else list(skills),
                skills=None if skills is None else list(skills.values()),
            )
        )
    return views


def _values(changes: UserChanges) -> dict[str, Any]:
    """The columns that `changes` sets."""
    values: dict[str, Any] = {
        "name": changes.name.casefold(),
        "display_name": changes.display_name,
        "role": changes.role,
        "enabled": changes.enabled,
    }
    if changes.skill_ids is not UNCHANGED:
        values["all_skills"] = changes.skill_ids is None
    return values | without_nulls({"sees_phones": changes.sees_phones, "may_export": changes.may_export})


def audit_fields(user: UserView) -> dict[str, Any]:
    """What the audit log keeps of a user."""
    return {name: getattr(user, name) for name in _AUDITED}
