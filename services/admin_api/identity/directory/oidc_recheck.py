"""Asking an OpenID Connect provider again about a session, by its refresh token.

A refresh token may be used once (the provider gives the next one), and using it twice may end the whole grant. So one
request at a time asks for a session, on whichever node, and the others go on, or wait for it.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, null, or_, select, update

from services.admin_api.identity.directory import refresh_tokens
from services.admin_api.identity.directory.oidc import OidcProvider
from services.admin_api.identity.directory.oidc_client import ProviderRefused
from services.admin_api.identity.directory.person import DirectoryDown, DirectoryPerson, LoginRefused
from shared.db.models import PortalSession
from shared.db.session import Database, retried
from shared.errors import Unavailable

_log = structlog.get_logger(__name__)

TURN_SECONDS = 20  # after which a request that began to ask counts as dead: longer than any request lasts
WAIT_SECONDS = 4.0  # for another request's answer
POLL_SECONDS = 0.1

NOT_ALLOWED = "not_allowed_any_more"  # in the audit log
NO_REFRESH_TOKEN, PROVIDERS_SESSION_OVER = "no_refresh_token", "providers_session_over"


@dataclass(frozen=True, slots=True)
class Answer:
    """`asked` False: another request asked, and was answered. `person` None: the provider does not let them in, and
    `ended` says why: this session alone is over, or whoever it is has none of the groups any more.
    """

    person: DirectoryPerson | None = None
    asked: bool = True
    ended: str = ""


def ask(
    database: Database, provider: OidcProvider, token: str, hashed: str, checked_at: datetime, now: datetime,
    *, may_go_on: bool,
) -> Answer:  # fmt: skip
    """What the provider says. `may_go_on`: the last answer still holds. Raises DirectoryDown, Unavailable."""
    end = time.monotonic() + WAIT_SECONDS
    while not _take_turn(database, hashed, checked_at, now):
        if may_go_on or _checked_since(database, hashed, checked_at):
            return Answer(asked=False)
        if time.monotonic() > end:
            raise Unavailable("Your login is being checked. Try again in a moment.")
        time.sleep(POLL_SECONDS)
    stored = _stored(database, hashed)
    refresh_token = refresh_tokens.decrypt(stored, token) if stored else None
    if refresh_token is None:
        return Answer(ended=NO_REFRESH_TOKEN)
    try:
        granted = provider.refresh(refresh_token, now)
    except DirectoryDown:
        _give_turn_back(database, hashed)
        raise
    except ProviderRefused as error:
        _log.warning("oidc_refresh_refused", error=error.error)
        return Answer(ended=PROVIDERS_SESSION_OVER)
    except LoginRefused:
        return Answer(ended=NOT_ALLOWED)
    if granted.refresh_token and granted.refresh_token != refresh_token:
        _store(database, hashed, refresh_tokens.encrypt(granted.refresh_token, token))
    return Answer(granted.person)


@retried
def _take_turn(database: Database, hashed: str, checked_at: datetime, now: datetime) -> bool:
    """Whether this request is the one that asks."""
    free = or_(
        PortalSession.check_began_at.is_(None), PortalSession.check_began_at <= now - timedelta(seconds=TURN_SECONDS)
    )
    with database.writing() as tx:
        taken = tx.execute(
            update(PortalSession)
            .where(PortalSession.token_hash == hashed, PortalSession.checked_at == checked_at, free)
            .values(check_began_at=now)
        )
        tx.commit()
    return taken.rowcount == 1


def _checked_since(database: Database, hashed: str, checked_at: datetime) -> bool:
    """Whether the session was checked, or ended, meanwhile."""
    row = _row(database, hashed)
    return row is None or row.checked_at != checked_at


def _stored(database: Database, hashed: str) -> str | None:
    row = _row(database, hashed)
    return row.refresh_token if row is not None else None


@retried
def _row(database: Database, hashed: str) -> Row[*tuple[Any, ...]] | None:
    statement = select(PortalSession.checked_at, PortalSession.refresh_token).where(PortalSession.token_hash == hashed)
    with database.reading() as connection:
        return connection.execute(statement).one_or_none()


@retried
def _give_turn_back(database: Database, hashed: str) -> None:
    with database.writing() as tx:
        tx.execute(update(PortalSession).where(PortalSession.token_hash == hashed).values(check_began_at=null()))
        tx.commit()


@retried
def _store(database: Database, hashed: str, refresh_token: str) -> None:
    """The turn goes on until the answer is written (recheck.py): who dies before is followed by another."""
    with database.writing() as tx:
        tx.execute(update(PortalSession).where(PortalSession.token_hash == hashed).values(refresh_token=refresh_token))
        tx.commit()
