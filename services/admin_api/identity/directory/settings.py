"""Settings of the logins beside the local one, from `CM_LDAP_…` and `CM_OIDC_…` variables."""

from dataclasses import dataclass

from environs import Env, validate

from services.admin_api.identity.directory.ldap_settings import LdapSettings, ldap_settings
from services.admin_api.identity.directory.oidc_settings import OidcSettings, oidc_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySettings:
    """None: not set up. `grace` (seconds) is how long sessions go on while their directory does not answer."""

    ldap: LdapSettings | None = None
    oidc: OidcSettings | None = None
    grace: float = 3600.0


def directory_settings(env: Env) -> DirectorySettings:
    """Raises EnvError, BadSetting."""
    return DirectorySettings(
        ldap=ldap_settings(env),
        oidc=oidc_settings(env),
        grace=env.float("CM_DIRECTORY_GRACE", 3600.0, validate=validate.Range(min=0, max=43200)),
    )
