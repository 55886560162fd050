"""Login with a password that the portal keeps. An unknown name costs the same work as a known one: answers and times do
not tell which users exist.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from services.admin_api.identity import mfa, passwords, sessions
from services.admin_api.identity.password_attempts import WRONG
from services.admin_api.identity.source import Source
from shared.callbacks.settings import BusinessSettings
from shared.db.audit import Author, write_audit
from shared.db.columns import truncate_utf16
from shared.db.models import PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.web.event_limits import Kind
from shared.web.security_events import record

User = Row[*tuple[Any, ...]]


def log_in(
    database: Database,
    settings: BusinessSettings,
    name: str,
    password: str,
    code: str | None,
    *,
    locked: bool,
    now: datetime,
    client: str,
) -> tuple[User, str]:
    """The user of these credentials and a new session's token. Raises `invalid_credentials`, whatever the reason, and
    `mfa_required` when the password is right and a `code` is needed.

    `locked`: the password is not to be looked at.
    """
    user = _read(database, name.casefold())
    looked_at = user is not None and user.enabled and not locked
    verified = passwords.verify(user.password_hash if user is not None and looked_at else None, password)
    token = None
    if user is not None and verified:
        new_hash = passwords.hash_password(password) if passwords.needs_rehash(user.password_hash) else None
        if user.totp_secret is not None and not code:
            raise DomainError(Code.MFA_REQUIRED, "Send a code of your authenticator as well, or a recovery code.")
        try:
            token = _open_session(database, settings, user, code, new_hash, now=now, client=client)
        except mfa.WrongCode as error:
            record(Kind.LOGIN_FAILED, who=f"user:{user.name}", resource="sessions", source=str(Source.LOCAL),
                   factor="code")  # fmt: skip
            raise DomainError(Code.INVALID_CREDENTIALS, mfa.WRONG) from error
    if user is None or token is None:
        if not locked:
            browser = truncate_utf16(client.partition(" ")[2], 200)
            record(Kind.LOGIN_FAILED, who=f"user:{user.name}" if user else None, resource="sessions", browser=browser,
                   source=str(Source.LOCAL))  # fmt: skip
        raise DomainError(Code.INVALID_CREDENTIALS, WRONG)
    return user, token


@retried
def _read(database: Database, name: str) -> User | None:
    with database.reading() as connection:
        return connection.execute(select(*PortalUser.__table__.columns).where(PortalUser.name == name)).one_or_none()


@retried
def _open_session(
    database: Database,
    settings: BusinessSettings,
    user: User,
    code: str | None,
    new_hash: str | None,
    *,
    now: datetime,
    client: str,
) -> str | None:
    """A session's token; None for a user who was disabled or got another password meanwhile. Raises WrongCode.

    `client` is the address and the browser.
    """
    values: dict[str, Any] = {"last_login_at": now}
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
            .values(**values)
        )
        if changed.rowcount != 1:
            return None
        factor = mfa.use_code(tx, user, code or "", now) if user.totp_secret is not None else None
        token = sessions.create_session(tx, user, settings, now=now, client=client)
        _audit(tx, "login", f"user:{user.name}", now, client, {"factor": factor} if factor else {})
        tx.commit()
    return token


def _audit(tx: Connection, action: str, who: str, now: datetime, client: str, more: dict[str, Any]) -> None:
    address, _, browser = client.partition(" ")
    write_audit(tx, Author(who, address), action, "sessions", now=now, after={
        "browser": truncate_utf16(browser, 200), "source": str(Source.LOCAL), **more,
    })  # fmt: skip
