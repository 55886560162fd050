"""Asking the directory again about who is logged in: whom it does not let in any more is logged out within 5 minutes.

A request asks, when the last answer is older than RECHECK_AFTER; a session that makes no requests needs no answer.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import null, select, update

from services.admin_api.identity import sessions
from services.admin_api.identity.directory import accounts, oidc_recheck
from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.oidc_recheck import (
    NO_REFRESH_TOKEN,
    NOT_ALLOWED,
    PROVIDERS_SESSION_OVER,
    Answer,
)
from services.admin_api.identity.directory.person import DirectoryDown, DirectoryPerson, LoginRefused
from services.admin_api.identity.sessions import Session
from services.admin_api.identity.source import Source
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.single_flight import SingleFlight

_log = structlog.get_logger(__name__)

RECHECK_AFTER = timedelta(minutes=3)
MAX_UNCHECKED = timedelta(minutes=5)
OF_ONE_SESSION = (NO_REFRESH_TOKEN, PROVIDERS_SESSION_OVER)  # they say nothing of the user's other sessions

_asking: SingleFlight[tuple[int, str], DirectoryPerson | None] = SingleFlight()


def require_still_allowed(
    database: Database, directories: Directories, session: Session, token: str, now: datetime
) -> bool:
    """Whether what the directory says now was written. Raises `unauthorized` for whom it shuts out, Unavailable."""
    if session.source == Source.LOCAL or session.checked_at is None or now - session.checked_at < RECHECK_AFTER:
        return False
    try:
        answer = _ask(database, directories, session, token, now)
    except DirectoryDown as error:
        _go_on_or_end(database, directories, session, error, now)
        return False
    if not answer.asked:
        return True
    if answer.person is None or not _record(database, session.user_id, answer.person, now):
        alone = sessions.token_hash(token) if answer.ended in OF_ONE_SESSION else None
        reason = answer.ended or NOT_ALLOWED
        accounts.end_sessions(database, session.user_id, session.source, reason, now, only=alone)
        raise DomainError(Code.UNAUTHORIZED, "Your directory does not let you in here any more. Log in again.")
    return True


def _ask(database: Database, directories: Directories, session: Session, token: str, now: datetime) -> Answer:
    """What the directory says; one that is not set up any more lets nobody in."""
    ldap, oidc = directories.ldap, directories.oidc
    name, external_id = session.name, session.external_id
    if session.source == Source.LDAP and ldap is not None and external_id is not None:
        person = _asking.read((id(ldap), name), lambda: ldap.look_up(name, external_id, now))
        return Answer(person)
    if session.source == Source.OIDC and oidc is not None and session.checked_at is not None:
        hashed, fresh = sessions.token_hash(token), now - session.checked_at < MAX_UNCHECKED
        answer = oidc_recheck.ask(database, oidc, token, hashed, session.checked_at, now, may_go_on=fresh)
        if answer.person is None or answer.person.external_id == external_id:
            return answer
    return Answer()


def _go_on_or_end(
    database: Database, directories: Directories, session: Session, error: DirectoryDown, now: datetime
) -> None:
    """Who is logged in works on while the directory is down, for the grace time."""
    assert session.checked_at is not None  # noqa: S101 - only such sessions are asked about
    silent = now - session.checked_at
    if silent < MAX_UNCHECKED + timedelta(seconds=directories.grace):
        return
    _log.warning("session_ended_by_silent_directory", source=session.source, reason=error.reason)
    accounts.end_sessions(database, session.user_id, session.source, "directory_silent", now)
    raise DomainError(Code.UNAUTHORIZED, "Your directory has not answered for too long. Log in again.")


@retried
def _record(database: Database, user_id: int, person: DirectoryPerson, now: datetime) -> bool:
    """Note that the directory lets the user in, and as what; False when the portal cannot take the new name."""
    with database.writing() as tx:
        user = tx.execute(select(*PortalUser.__table__.columns).where(PortalUser.id == user_id)).one_or_none()
        if user is None:
            return False
        try:
            accounts.bring_up_to_date(tx, user, person, now)
        except LoginRefused:
            return False
        tx.execute(
            update(PortalSession).where(PortalSession.user_id == user_id).values(checked_at=now, check_began_at=null())
        )
        tx.commit()
    return True
