"""Sessions: rows of the database, read by primary key for each request.

Nothing caches them: what ends or changes a session (logout, a new password or role, a disabled user) counts on every
node from its commit on, and whoever can write to Redis cannot log in.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import ColumnExpressionArgument, Connection, Row, delete, insert, select, update

from services.admin_api.identity import mfa
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, read_scope
from services.admin_api.identity.source import Source
from shared.callbacks.settings import BusinessSettings
from shared.db.columns import explicit_nulls, truncate_utf16
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.web.dependencies import dependencies

COOKIE = "cm_session"  # over plain HTTP
TLS_COOKIE = "__Host-cm_session"  # no other host and no page over plain HTTP can set a cookie of such a name
EXTEND_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A login in force, with what is known of its user."""

    user_id: int
    name: str
    display_name: str
    role: Role
    must_change: bool
    expires_at: datetime
    source: Source
    scope: Scope
    external_id: str | None
    must_set_up_mfa: bool
    checked_at: datetime | None  # when the directory of its user let them in; None for a local one


def token_hash(token: str) -> str:
    """What is stored of a token. It is random enough that a fast hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """The CSRF token of a session: whoever cannot read the cookie cannot make it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str) -> bool:
    """Whether `token` is the CSRF token of this request's session."""
    return hmac.compare_digest(csrf_token(request_token()).encode(), token.encode())


def request_token() -> str:
    """The session token that this request came with; "" when it came with none.

    Over TLS only TLS_COOKIE counts. Browsers send it over plain HTTP as well, but only to loopback; there a login that
    was made over plain HTTP comes first.
    """
    names = (TLS_COOKIE,) if request.is_secure else (COOKIE, TLS_COOKIE)
    return next((token for name in names if (token := request.cookies.get(name))), "")


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its session, until it is closed; how long the session lasts is the server's to say."""
    if request.is_secure:
        response.set_cookie(TLS_COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")
        # What is left of a login over plain HTTP would come first there, and be logged out.
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    else:
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Strict")


def delete_cookies(response: Response) -> None:
    """Take from the browser the cookies that this request could have come with."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    if request.is_secure:  # else the browser would not obey
        response.delete_cookie(TLS_COOKIE, path="/", secure=True, httponly=True, samesite="Strict")


def new_token() -> str:
    """A session's token: 256 random bits."""
    return secrets.token_urlsafe(32)


def create_session(tx: Connection, user: Any, settings: BusinessSettings, *, now: datetime, client: str) -> str:
    """Open a session of a `portal_user` row and give its token."""
    token = new_token()
    insert_session(tx, user, settings, token=token, now=now, client=client)
    return token


def insert_session(
    tx: Connection, user: Any, settings: BusinessSettings, *, token: str, now: datetime, client: str, **directory: Any
) -> None:
    """Open a session of a `portal_user` row; `directory` holds its columns. Sweeps everybody's expired ones away."""
    expires = now + timedelta(minutes=settings.session_idle_minutes)
    tx.execute(delete(PortalSession).where(PortalSession.expires_at <= now))
    tx.execute(
        insert(PortalSession).values(
            token_hash=token_hash(token), user_id=user.id, generation=user.session_generation, created_at=now,
            seen_at=now, expires_at=expires, client=truncate_utf16(client, 200), **explicit_nulls(directory),
        )
    )  # fmt: skip


def delete_sessions(tx: Connection, *conditions: Any) -> int:
    """Delete the sessions that meet `conditions`; how many they were."""
    return tx.execute(delete(PortalSession).where(*conditions)).rowcount


def current(*, extend: bool) -> Session:
    """The session of this request; `extend`: it is work, and moves the expiry. Raises `unauthorized`, Unavailable."""
    token = request_token()
    session = _read(token_hash(token), extend=extend) if token else None
    if session is None:
        raise DomainError(Code.UNAUTHORIZED, "Log in first; your session may have ended.")
    return session


def _read(hashed: str, *, extend: bool) -> Session | None:
    deps = dependencies()
    database, now = deps.database, deps.now()
    found = _row(database, hashed, now)
    if found is None:
        return None
    row, scope = found
    settings = deps.config_cache.current().settings
    last = row.created_at + timedelta(hours=settings.session_hours)
    if last <= now:
        return None
    expires_at = row.expires_at
    if extend and now - row.seen_at >= EXTEND_EVERY:
        expires_at = min(now + timedelta(minutes=settings.session_idle_minutes), last)
        _extend(database, hashed, now, expires_at)
    return Session(row.user_id, row.name, row.display_name, Role(row.role), row.must_change, expires_at,
                   Source(row.source), scope, row.external_id, mfa.must_set_up(row, settings),
                   row.checked_at)  # fmt: skip


def holds_at(now: datetime) -> tuple[ColumnExpressionArgument[bool], ...]:
    """The conditions for a session, joined with its user, to hold; its longest time (a setting) beside them."""
    return (
        PortalSession.expires_at > now,
        PortalSession.generation == PortalUser.session_generation,
        PortalUser.enabled,
    )


@retried
def _row(database: Database, hashed: str, now: datetime) -> tuple[Row[*tuple[Any, ...]], Scope] | None:
    statement = (
        select(
            PortalSession.user_id, PortalSession.created_at, PortalSession.seen_at, PortalSession.expires_at,
            PortalUser.name, PortalUser.display_name, PortalUser.role, PortalUser.must_change,
            PortalUser.source, PortalUser.external_id, PortalUser.totp_secret, PortalSession.checked_at,
            PortalUser.all_skills, PortalUser.sees_phones, PortalUser.may_export,
        )
        .join(PortalUser, PortalUser.id == PortalSession.user_id)
        .where(PortalSession.token_hash == hashed, *holds_at(now))
    )  # fmt: skip
    with database.reading() as connection:
        row = connection.execute(statement).one_or_none()
        return None if row is None else (row, read_scope(connection, row))


@retried
def _extend(database: Database, hashed: str, now: datetime, expires_at: datetime) -> None:
    with database.writing() as tx:
        tx.execute(
            update(PortalSession).where(PortalSession.token_hash == hashed).values(seen_at=now, expires_at=expires_at)
        )
        tx.commit()
