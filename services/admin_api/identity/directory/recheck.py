"""Asking the directory again about who is logged in: whom it does not let in any more is logged out within 5 minutes.

A request asks, when the last answer is older than RECHECK_AFTER; a session that makes no requests needs no answer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from services.admin_api.identity.directory import accounts
from services.admin_api.identity.directory.directories import Directories
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

_asking: SingleFlight[tuple[int, str], DirectoryPerson | None] = SingleFlight()


def require_still_allowed(database: Database, directories: Directories, session: Session, now: datetime) -> bool:
    """Whether it was asked, and what it said is in the database now. Raises `unauthorized` for whom it shuts out."""
    if session.source == Source.LOCAL or session.checked_at is None or now - session.checked_at < RECHECK_AFTER:
        return False
    try:
        person = _ask(directories, session, now)
    except DirectoryDown as error:
        _go_on_or_end(database, directories, session, error, now)
        return False
    if person is None or not _record(database, session.user_id, person, now):
        accounts.end_sessions(database, session.user_id, session.source, "not_allowed_any_more", now)
        raise DomainError(Code.UNAUTHORIZED, "Your directory does not let you in here any more. Log in again.")
    return True


def _ask(directories: Directories, session: Session, now: datetime) -> DirectoryPerson | None:
    """The person as the directory knows them now; None when it does not let them in, or is not set up any more."""
    ldap = directories.ldap
    if session.source != Source.LDAP or ldap is None or session.external_id is None:
        return None
    name, external_id = session.name, session.external_id
    look_up: Callable[[], DirectoryPerson | None] = lambda: ldap.look_up(name, external_id, now)  # noqa: E731
    return _asking.read((id(ldap), name), look_up)


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
        tx.execute(update(PortalSession).where(PortalSession.user_id == user_id).values(checked_at=now))
        tx.commit()
    return True
