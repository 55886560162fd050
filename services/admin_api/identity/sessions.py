"""Sessions: rows of the database, with a short-lived copy in Redis that only ever answers reads.

Why a copy can never outlive its session where it matters:
- What ends or changes sessions (logout, a new password or role, a disabled user) puts MOVED in the copy's place, and
  copies are only ever put where nothing is: a slow reader cannot bring back what was ended while it read.
- Writes always ask the database. Should Redis be out of reach for the node that ends a session but not for another,
  that other one can still read for COPY_SECONDS.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import Connection, Row, delete, insert, select, update

from services.admin_api.identity.roles import Role
from shared.callbacks.settings import BusinessSettings
from shared.db.columns import truncate_utf16
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies

COOKIE = "cm_session"
COPY_SECONDS = 10
TOMBSTONE = b"-"  # ask the database
TOMBSTONE_SECONDS = 120  # longer than any request that might still put an old copy
EXTEND_EVERY_SECONDS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A login in force, with what is known of its user."""

    user_id: int
    name: str
    display_name: str
    role: Role
    must_change: bool
    expires_at: datetime


def token_hash(token: str) -> str:
    """What is stored of a token. It is random enough that a fast hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """The CSRF token of a session: whoever cannot read the cookie cannot make it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str) -> bool:
    """Whether `given` is the CSRF token of this request's session."""
    return hmac.compare_digest(csrf_token(request.cookies.get(COOKIE, "")).encode(), token.encode())


def create_session(tx: Connection, user: Any, settings: BusinessSettings, *, now: datetime, client: str) -> str:
    """Open a session of a `portal_user` row and give its token. Sweeps everybody's expired ones away."""
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(minutes=settings.session_idle_minutes)
    tx.execute(delete(PortalSession).where(PortalSession.expires_at <= now))
    tx.execute(
        insert(PortalSession).values(
            token_hash=token_hash(token), user_id=user.id, generation=user.session_generation, created_at=now,
            seen_at=now, expires_at=expires, client=truncate_utf16(client, 200),
        )
    )  # fmt: skip
    return token


def delete_session(tx: Connection, *conditions: Any) -> list[str]:
    """Delete the sessions that meet `conditions`; the caller gives what is returned to `forget` after the commit."""
    hashes = list(tx.execute(select(PortalSession.token_hash).where(*conditions)).scalars())
    tx.execute(delete(PortalSession).where(*conditions))
    return hashes


def token_hashes_of(tx: Connection, user_id: int) -> list[str]:
    """The token hashes of a user's sessions, for `forget`."""
    return list(tx.execute(select(PortalSession.token_hash).where(PortalSession.user_id == user_id)).scalars())


def invalidate_cached(cache: RedisClient, hashes: list[str]) -> None:
    """Make every node ask the database about these sessions. Only after the commit."""
    for hashed in hashes:
        _put_tombstone(cache, hashed)


def current(*, extend: bool) -> Session:
    """The session of this request; `extend`: it is work, and moves the expiry. Raises `unauthorized`, Unavailable."""
    token = request.cookies.get(COOKIE, "")
    deps = dependencies()
    now, hashed = deps.now(), token_hash(token)
    session = None
    if token:
        session = _cached(deps.cache, hashed, now) if request.method in ("GET", "HEAD") else None
        session = session or _read(deps.database, deps.cache, hashed, now, extend)
    if session is None:
        raise DomainError(Code.UNAUTHORIZED, "Log in first; your session may have ended.")
    return session


def _key(hashed: str) -> str:
    return f"cm:session:{hashed}"


def _put_tombstone(cache: RedisClient, hashed: str) -> None:
    cache.attempt(lambda: cache.redis.set(_key(hashed), TOMBSTONE, ex=TOMBSTONE_SECONDS), otherwise=None)


def _cached(cache: RedisClient, hashed: str, now: datetime) -> Session | None:
    copy: Any = cache.attempt(lambda: cache.redis.get(_key(hashed)), otherwise=None)
    if copy is None or copy == TOMBSTONE:
        return None
    values = json.loads(copy)
    expires_at = datetime.fromisoformat(values.pop("expires_at"))
    role = Role(values.pop("role"))
    return Session(role=role, expires_at=expires_at, **values) if expires_at > now else None


def cache_session(cache: RedisClient, hashed: str, session: Session) -> None:
    """Keep what was read for the next reads, unless the session was moved meanwhile."""
    values = {name: getattr(session, name) for name in ("user_id", "name", "display_name", "role", "must_change")}
    copy = json.dumps(values | {"expires_at": session.expires_at.isoformat()})
    cache.attempt(lambda: cache.redis.set(_key(hashed), copy, ex=COPY_SECONDS, nx=True), otherwise=None)


def _read(database: Database, cache: RedisClient, hashed: str, now: datetime, extend: bool) -> Session | None:
    row = _row(database, hashed, now)
    if row is None:
        return None
    settings = dependencies().config_cache.current().settings
    last = row.created_at + timedelta(hours=settings.session_hours)
    if last <= now:
        return None
    expires_at = row.expires_at
    if extend and now - row.seen_at >= EXTEND_EVERY_SECONDS:
        expires_at = min(now + timedelta(minutes=settings.session_idle_minutes), last)
        _extend(database, hashed, now, expires_at)
    session = Session(row.user_id, row.name, row.display_name, Role(row.role), row.must_change, expires_at)
    cache_session(cache, hashed, session)
    return session


@retried
def _row(database: Database, hashed: str, now: datetime) -> Row[*tuple[Any, ...]] | None:
    statement = (
        select(
            PortalSession.user_id, PortalSession.created_at, PortalSession.seen_at, PortalSession.expires_at,
            PortalUser.name, PortalUser.display_name, PortalUser.role, PortalUser.must_change,
        )
        .join(PortalUser, PortalUser.id == PortalSession.user_id)
        .where(
            PortalSession.token_hash == hashed,
            PortalSession.expires_at > now,
            PortalSession.generation == PortalUser.session_generation,
            PortalUser.enabled,
        )
    )  # fmt: skip
    with database.reading() as connection:
        return connection.execute(statement).one_or_none()


@retried
def _extend(database: Database, hashed: str, now: datetime, expires_at: datetime) -> None:
    with database.writing() as tx:
        tx.execute(
            update(PortalSession).where(PortalSession.token_hash == hashed).values(seen_at=now, expires_at=expires_at)
        )
        tx.commit()
