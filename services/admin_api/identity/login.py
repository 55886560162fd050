"""Login. An attempt is counted as failed before its password is checked, and an unknown name costs the same work as a
known one: answers and times do not tell which users exist.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, select, update

from services.admin_api.identity import passwords, sessions
from services.admin_api.identity.source import Source
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import Author, write_audit
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.models import PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.web.event_limits import Kind
from shared.web.security_events import record

User = Row[*tuple[Any, ...]]


def log_in(
    database: Database, settings: BusinessSettings, name: str, password: str, *, now: datetime, client: str
) -> tuple[User, str]:
    """The user of these credentials and a new session's token. Raises `invalid_credentials`, whatever the reason."""
    name = name.casefold()
    user, allowed = _count_attempt(database, settings, name, now)
    verified = passwords.verify(user.password_hash if user is not None and allowed else None, password)
    token = None
    if user is not None and verified:
        new_hash = passwords.hash_password(password) if passwords.needs_rehash(user.password_hash) else None
        token = _open_session(database, settings, user, new_hash, now=now, client=client)
    if user is None or token is None:
        who, browser = f"user:{user.name}" if user else None, truncate_utf16(client.partition(" ")[2], 200)
        record(Kind.LOGIN_FAILED, who=who, resource="sessions", browser=browser, source=str(Source.LOCAL))
        if user is not None and allowed and user.locked_until is not None:
            record(Kind.LOGIN_LOCKED, who=who, resource="sessions", until=user.locked_until.isoformat())
        raise DomainError(Code.INVALID_CREDENTIALS, "The name or the password is wrong, or the account is locked.")
    return user, token


@retried
def _count_attempt(
    database: Database, settings: BusinessSettings, name: str, now: datetime
) -> tuple[User | None, bool]:
    """Count an attempt as failed for now: guesses made at the same time can't all see an unlocked account.

    The one that reaches the limit locks the account; a lock that is over starts the count anew.
    """
    failures = case((PortalUser.locked_until.is_not(None), 1), else_=PortalUser.failed_logins + 1)
    lock = now + timedelta(minutes=settings.lock_minutes)
    with database.writing() as tx:
        counted = tx.execute(
            update(PortalUser)
            .where(
                PortalUser.name == name,
                PortalUser.enabled,
                PortalUser.locked_until.is_(None) | (PortalUser.locked_until <= now),
            )
            .values(
                failed_logins=failures,
                locked_until=case((failures >= settings.lock_after_failures, lock), else_=None),
            )
        )
        user = tx.execute(select(*PortalUser.__table__.columns).where(PortalUser.name == name)).one_or_none()
        tx.commit()
    return user, counted.rowcount == 1


@retried
def _open_session(
    database: Database, settings: BusinessSettings, user: User, new_hash: str | None, *, now: datetime, client: str
) -> str | None:
    """A session's token, the failures forgotten; None for a user who was disabled or got another password meanwhile.

    `client` is the address and the browser.
    """
    values: dict[str, Any] = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
    if new_hash is not None:
        values["password_hash"] = new_hash
    with database.writing() as tx:
        changed = tx.execute(
            update(PortalUser)
            .where(
                PortalUser.id == user.id,
                PortalUser.enabled,
                PortalUser.session_generation == user.session_generation,
            )
            .values(**explicit_nulls(values))
        )
        if changed.rowcount != 1:
            return None
        token = sessions.create_session(tx, user, settings, now=now, client=client)
        _audit(tx, "login", f"user:{user.name}", now, client)
        tx.commit()
    return token


def _audit(tx: Connection, action: str, who: str, now: datetime, client: str) -> None:
    address, _, browser = client.partition(" ")
    write_audit(tx, Author(who, address), action, "sessions", now=now, after={
        "browser": truncate_utf16(browser, 200), "source": str(Source.LOCAL),
    })  # fmt: skip
