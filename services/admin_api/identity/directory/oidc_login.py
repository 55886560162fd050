"""A login by OpenID Connect: the provider says who it is, the portal keeps the account and audits."""

from datetime import datetime

from services.admin_api.identity.directory import accounts, refresh_tokens
from services.admin_api.identity.directory.accounts import Check
from services.admin_api.identity.directory.oidc import OidcProvider
from services.admin_api.identity.sessions import new_token
from shared.callbacks.settings import BusinessSettings
from shared.db.session import Database


def log_in(
    provider: OidcProvider,
    database: Database,
    settings: BusinessSettings,
    code: str,
    seed: str,
    *,
    now: datetime,
    client: str,
) -> str:
    """A new session's token, for the code that the provider sent. Raises LoginRefused, DirectoryDown."""
    granted = provider.redeem(code, seed, now)
    token = new_token()
    stored = refresh_tokens.encrypt(granted.refresh_token, token) if granted.refresh_token else None
    accounts.open_session(database, settings, granted.person, Check(now, stored), token=token, client=client)
    return token
