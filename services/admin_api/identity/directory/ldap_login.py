"""A login by LDAP: the directory decides, the portal keeps the account and audits."""

from datetime import datetime

from services.admin_api.identity.directory import accounts
from services.admin_api.identity.directory.accounts import Check, User
from services.admin_api.identity.directory.ldap import LdapDirectory
from services.admin_api.identity.directory.person import LoginRefused, WrongCredentials
from services.admin_api.identity.sessions import new_token
from services.admin_api.identity.source import Source
from shared.callbacks.settings import BusinessSettings
from shared.db.session import Database


def log_in(
    directory: LdapDirectory,
    database: Database,
    settings: BusinessSettings,
    name: str,
    password: str,
    *,
    now: datetime,
    client: str,
) -> tuple[User, str]:
    """The user and a new session's token. Raises `invalid_credentials`, `login_refused`, Unavailable."""
    try:
        person = directory.authenticate(name, password, now)
        token = new_token()
        return accounts.open_session(database, settings, person, Check(now), token=token, client=client), token
    except (WrongCredentials, LoginRefused) as error:
        accounts.record_failure(Source.LDAP, error.reason, error.name, client=client)
        raise
