"""Login. An attempt is counted as failed before its password is checked, and an unknown name costs the same work as a
known one: answers and times do not tell which users exist.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, select, update

from services.admin_api.identity import passwords, sessions
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import Author, write_audit
from shared.db.columns import truncate_utf16
from shared.db.models import PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

User = Row[*tuple[Any, ...]]


def log_in(
    database: Database, settings: BusinessSettings, name: str, password: str, *, now: datetime, client: str
) -> tuple[User, str]:
    """The user of these credentials and a new session's token. Raises `invalid_credentials`, whatever the reason."""
    name = name.casefold()
    user, allowed = _count_attempt(database, settings, name, now)
    right = passwords.verify(user.password_hash if user is not None and allowed else None, password)
    renewed = (
        passwords.hash_password(password) if right and user and passwords.needs_rehash(user.password_hash) else None
    )
    token = _record_login(database, settings, name, user if right else None, renewed, now=now, client=client)
    if user is None or token is None:
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
def _record_login(
    database: Database,
    settings: BusinessSettings,
    name: str,
    user: User | None,
    renewed_hash: str | None,
    *,
    now: datetime,
    client: str,
) -> str | None:
    """Record how it ended. For the right password: forget the failures and open a session.

    `client` is the address and the browser.
    """
    address, _, browser = client.partition(" ")
    seen = {"browser": truncate_utf16(browser, 200)}
    with database.writing() as tx:
        forgiven: dict[str, Any] = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
        if renewed_hash is not None:
            forgiven["password_hash"] = renewed_hash
        let_in = tx.execute(
            update(PortalUser)
            .where(
                PortalUser.name == name,
                PortalUser.enabled,
                PortalUser.session_generation == (user.session_generation if user is not None else -1),
            )
            .values(**forgiven)
        )
        token = None
        if user is not None and let_in.rowcount == 1:
            token = sessions.create_session(tx, user, settings, now=now, client=client)
            write_audit(tx, Author(f"user:{name}", address), "login", "sessions", now=now, after=seen)
        else:
            user_name = tx.execute(select(PortalUser.name).where(PortalUser.name == name)).scalar_one_or_none()
            # What was typed may be a password in the wrong field: only names that exist are kept.
            author = Author(f"user:{user_name}" if user_name else "unknown", address)
            write_audit(tx, author, "login_failed", "sessions", now=now, after=seen)
        tx.commit()
    return token
