"""The portal's account of a directory's person: made at the first login, brought up to date at each one."""

import functools
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnExpressionArgument, Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.admin_api.identity import sessions, users
from services.admin_api.identity.directory.person import DirectoryPerson, LoginRefused
from services.admin_api.identity.scope import is_never_limited, skills_of
from services.admin_api.identity.source import Source
from services.admin_api.identity.user_skills import UNCHANGED, SkillsChange, set_skills, skills_named
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import Author, write_audit
from shared.db.columns import explicit_nulls, truncate_utf16, without_nulls
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.web.event_limits import Kind
from shared.web.security_events import record

_log = structlog.get_logger(__name__)

User = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """What a session keeps to ask the directory again: for OpenID Connect an encrypted refresh token."""

    at: datetime
    refresh_token: str | None = None


def open_session(
    database: Database, settings: BusinessSettings, person: DirectoryPerson, check: Check, *, token: str, client: str
) -> User:
    """The user of a person whom the directory let in, with a new session of `token`. Raises LoginRefused."""
    try:
        return _open_session(database, settings, person, check, token=token, client=client)
    except IntegrityError:  # two first logins of one person at the same time: the other one made the account
        return _open_session(database, settings, person, check, token=token, client=client)


@retried
def _open_session(
    database: Database, settings: BusinessSettings, person: DirectoryPerson, check: Check, *, token: str, client: str
) -> User:
    now = check.at
    with database.writing() as tx:
        user = _user(tx, PortalUser.source == person.source, PortalUser.external_id == person.external_id)
        if user is None:
            _create(tx, person, now)
        else:
            if not user.enabled:
                raise LoginRefused("blocked_here", person.name)
            bring_up_to_date(tx, user, person, now)
        tx.execute(
            update(PortalUser)
            .where(PortalUser.source == person.source, PortalUser.external_id == person.external_id)
            .values(last_login_at=now)
        )
        user = _user(tx, PortalUser.source == person.source, PortalUser.external_id == person.external_id)
        assert user is not None  # noqa: S101 - written above in this transaction
        # A commit of which nobody knows whether it came through is repeated with the same token.
        sessions.delete_sessions(tx, PortalSession.token_hash == sessions.token_hash(token))
        sessions.insert_session(tx, user, settings, token=token, now=now, client=client, checked_at=check.at,
                                refresh_token=check.refresh_token)  # fmt: skip
        address, _, browser = client.partition(" ")
        write_audit(tx, Author(f"user:{user.name}", address), "login", "sessions", now=now,
                    after={"browser": truncate_utf16(browser, 200), "source": str(person.source)})  # fmt: skip
        tx.commit()
    return user


def bring_up_to_date(tx: Connection, user: Any, person: DirectoryPerson, now: datetime) -> None:
    """Write what the directory says now of name, display name, role and what they see. Raises LoginRefused."""
    skill_ids = _skill_ids(tx, person)
    values = _values(person, skill_ids)
    same_skills = skill_ids is UNCHANGED or set(skill_ids or ()) == skills_of(tx, user.id)
    if same_skills and all(getattr(user, name) == value for name, value in values.items()):
        return
    _require_free_name(tx, person)
    author = Author(f"directory:{person.source}")
    before = users.audit_fields(users.read(tx, user.id, now))
    tx.execute(
        update(PortalUser)
        .where(PortalUser.id == user.id)
        .values(**values, version=PortalUser.version + 1, changed_at=now, changed_by=author.who)
    )
    set_skills(tx, user.id, skill_ids)
    after = users.audit_fields(users.read(tx, user.id, now))
    write_audit(tx, author, "update", "users", user.id, now=now, label=person.name, before=before, after=after)


def _values(person: DirectoryPerson, skill_ids: SkillsChange) -> dict[str, Any]:
    """The columns that the directory decides."""
    known = {"name": person.name, "display_name": person.display_name, "role": str(person.role)}
    rights = without_nulls({"sees_phones": person.scope.sees_phones, "may_export": person.scope.may_export})
    return known | rights | ({} if skill_ids is UNCHANGED else {"all_skills": skill_ids is None})


def _skill_ids(tx: Connection, person: DirectoryPerson) -> SkillsChange:
    names = person.scope.skills
    if names is UNCHANGED or names is None:
        return names
    if is_never_limited(person.role):
        return None
    ids = skills_named(tx, names)
    for name in sorted(names - ids.keys()):
        _tell_of_unknown_skill(person.source, name)
    return sorted(set(ids.values()))


@functools.cache
def _tell_of_unknown_skill(source: Source, name: str) -> None:
    """Once in a process; doctor tells of it as well."""
    _log.warning("directory_group_names_unknown_skill", source=source, skill=name)


def record_failure(source: Source, reason: str, name: str | None, *, client: str) -> None:
    """Record a login that failed; `name` is None where nobody is known by what was typed: it may be a password."""
    record(Kind.LOGIN_FAILED, who=f"user:{name}" if name else None, resource="sessions",
           browser=truncate_utf16(client.partition(" ")[2], 200), source=str(source), reason=reason)  # fmt: skip


@retried
def end_sessions(
    database: Database, user_id: int, source: Source, reason: str, now: datetime, *, only: str | None = None
) -> None:
    """End all sessions of a user whom the directory does not let in any more, or the one of this token's hash."""
    which = [PortalSession.user_id == user_id, *([PortalSession.token_hash == only] if only else [])]
    with database.writing() as tx:
        user = _user(tx, PortalUser.id == user_id)
        ended = sessions.delete_sessions(tx, *which)
        if user is not None and ended:
            write_audit(tx, Author(f"directory:{source}"), "end_sessions", "users", user_id, now=now, label=user.name,
                        after={"reason": reason})  # fmt: skip
        tx.commit()


def _create(tx: Connection, person: DirectoryPerson, now: datetime) -> None:
    _require_free_name(tx, person)
    author = Author(f"directory:{person.source}")
    skill_ids = _skill_ids(tx, person)
    values = {**_values(person, skill_ids), "source": str(person.source), "external_id": person.external_id,
              "password_hash": None, "enabled": True, "must_change": False, "password_changed_at": now,
              "session_generation": 1, "version": 1, "changed_at": now, "changed_by": author.who}  # fmt: skip
    (key,) = tx.execute(insert(PortalUser).values(**explicit_nulls(values))).inserted_primary_key or (0,)
    set_skills(tx, key, skill_ids)
    after = users.audit_fields(users.read(tx, key, now))
    write_audit(tx, author, "create", "users", key, now=now, label=person.name,
                after={**after, "source": str(person.source)})  # fmt: skip


def _require_free_name(tx: Connection, person: DirectoryPerson) -> None:
    holder = _user(tx, PortalUser.name == person.name)
    if holder is not None and (holder.source, holder.external_id) != (person.source, person.external_id):
        raise LoginRefused("name_taken", person.name)


def _user(tx: Connection, *conditions: ColumnExpressionArgument[bool]) -> User | None:
    return tx.execute(select(*PortalUser.__table__.columns).where(*conditions)).one_or_none()
