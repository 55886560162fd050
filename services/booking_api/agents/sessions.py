"""Sessions of agents: rows of the database, read by primary key for each request, so that any node can answer any.

A session has LIFETIME, is renewed while it is used, and has MAX_LIFETIME in all: whoever has logged out of Finesse for
good is an agent no more by then.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.callbacks.booking_request import ApiCaller
from shared.db.columns import explicit_nulls
from shared.db.error_classes import ErrorClass, classify
from shared.db.models import AgentSession
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

PREFIX = "cma_"  # tells a token from an API key
LIFETIME = timedelta(minutes=15)
RENEWED_BELOW = timedelta(minutes=10)  # that are left, so that not every request writes
MAX_LIFETIME = timedelta(hours=12)
CALL_LIFETIME = timedelta(hours=1)  # since Finesse last said what is on the line: a call and its wrap-up are shorter


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force, with the number on the agent's line."""

    token_hash: str
    agent_id: str
    extension: str | None
    expires_at: datetime
    phone: str | None
    draft: str | None = None  # of a new session

    @property
    def caller(self) -> ApiCaller:
        return ApiCaller.of_agent(self.agent_id, self.phone)


def new_token() -> str:
    """256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. It is random enough that a fast hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(database: Database, token: str, agent_id: str, extension: str | None, now: datetime) -> Session:
    """Open a session, with the draft of the agent's others. Raises Unavailable."""
    draft = _draft_of(database, agent_id, now)
    session = Session(token_hash(token), agent_id, extension, now + LIFETIME, None, draft)
    try:
        _insert(database, session, now)
    except IntegrityError as error:
        if classify(error) is not ErrorClass.DUPLICATE:  # a commit of unknown outcome had been ours
            raise
    return session


def current(database: Database, token: str, now: datetime) -> Session:
    """The session of a token, renewed. Raises `unauthorized`, Unavailable."""
    hashed = token_hash(token)
    row = _row(database, hashed, now)
    last = row.created_at + MAX_LIFETIME if row else now
    if row is None or last <= now:
        raise ended()
    expires_at = min(now + LIFETIME, last)
    if row.expires_at - now < RENEWED_BELOW and expires_at > row.expires_at:
        _renew(database, hashed, now, expires_at)
    else:
        expires_at = row.expires_at
    on_line = row.call_phone if row.call_until is not None and row.call_until > now else None
    return Session(hashed, row.agent_id, row.extension, expires_at, on_line)


def ended() -> DomainError:
    return DomainError(Code.UNAUTHORIZED, "This session has ended. Begin a new one with your Finesse authorization.")


@retried
def set_line(database: Database, session: Session, phone: str | None, now: datetime) -> None:
    """Keep which number is on the agent's line; None for no call. Raises `unauthorized` for an ended session,
    Unavailable."""
    values = {"call_phone": phone, "call_until": now + CALL_LIFETIME if phone else None}
    holds = (AgentSession.token_hash == session.token_hash, AgentSession.expires_at > now)
    with database.writing() as tx:
        if tx.execute(update(AgentSession).where(*holds).values(explicit_nulls(values))).rowcount != 1:
            raise ended()
        tx.commit()


@retried
def set_draft(database: Database, session: Session, draft: str | None, now: datetime) -> None:
    """Keep what the agent has typed, in all sessions that the agent has. Raises Unavailable."""
    of_the_agent = (AgentSession.agent_id == session.agent_id, AgentSession.expires_at > now)
    with database.writing() as tx:
        tx.execute(update(AgentSession).where(*of_the_agent).values(explicit_nulls({"draft": draft})))
        tx.commit()


@retried
def _draft_of(database: Database, agent_id: str, now: datetime) -> str | None:
    kept = (AgentSession.agent_id == agent_id, AgentSession.expires_at > now, AgentSession.draft.is_not(None))
    newest = select(AgentSession.draft).where(*kept).order_by(AgentSession.created_at.desc()).limit(1)
    with database.reading() as connection:
        draft: str | None = connection.execute(newest).scalar_one_or_none()
    return draft


@retried
def end(database: Database, session: Session) -> None:
    """End a session at once, on every node. Raises Unavailable."""
    with database.writing() as tx:
        tx.execute(delete(AgentSession).where(AgentSession.token_hash == session.token_hash))
        tx.commit()


@retried
def _insert(database: Database, session: Session, now: datetime) -> None:
    values = {"token_hash": session.token_hash, "agent_id": session.agent_id, "extension": session.extension,
              "created_at": now, "expires_at": session.expires_at, "call_phone": None, "call_until": None,
              "draft": session.draft}  # fmt: skip
    with database.writing() as tx:
        tx.execute(insert(AgentSession).values(explicit_nulls(values)))
        tx.commit()


@retried
def _row(database: Database, hashed: str, now: datetime) -> Row[*tuple[Any, ...]] | None:
    statement = select(
        AgentSession.agent_id, AgentSession.extension, AgentSession.created_at, AgentSession.expires_at,
        AgentSession.call_phone, AgentSession.call_until,
    ).where(AgentSession.token_hash == hashed, AgentSession.expires_at > now)  # fmt: skip
    with database.reading() as connection:
        return connection.execute(statement).one_or_none()


@retried
def _renew(database: Database, hashed: str, now: datetime, expires_at: datetime) -> None:
    """One that has ended meanwhile stays ended."""
    holds = (AgentSession.token_hash == hashed, AgentSession.expires_at > now)
    with database.writing() as tx:
        tx.execute(update(AgentSession).where(*holds).values(expires_at=expires_at))
        tx.commit()
