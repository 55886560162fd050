"""Check of the login directories: reachable, certificate trusted, groups present, the skills of groups known."""

import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from environs import Env, EnvError
from ldap3 import BASE
from ldap3.core.exceptions import LDAPException
from sqlalchemy.exc import SQLAlchemyError

from deploy.doctor import certificates, database
from deploy.doctor.finding import Finding, failed, ok, skipped, warning
from services.admin_api.identity.directory.ldap_client import OwnAccountRefused, ServerFailed, connected, search
from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.oidc_client import OidcClient
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import DirectoryDown
from services.admin_api.identity.directory.settings import directory_settings
from services.admin_api.identity.user_skills import skills_named
from shared.config import BadSetting, CommonSettings, common_settings
from shared.db.session import Database
from shared.errors import Unavailable

_FILE = "/etc/campaign-manager/admin_api.env"


def check() -> Iterator[Finding]:
    """Each server by itself, as the admin API would use it."""
    try:
        settings = directory_settings(Env())
    except (EnvError, BadSetting) as error:
        yield failed("directory", str(error), f"correct {_FILE}")
        return
    if settings.ldap is None:
        yield skipped("ldap", "not set up: people log in by local accounts")
    else:
        for number, url in enumerate(settings.ldap.urls, 1):
            yield from _ldap_server(settings.ldap, url, "ldap" if number == 1 else f"ldap {number}")
    if settings.oidc is None:
        yield skipped("oidc", "not set up")
    else:
        yield from _oidc_provider(settings.oidc)
    for name, directory in (("ldap", settings.ldap), ("oidc", settings.oidc)):
        if directory and directory.scope.skills is not None:
            yield _skills(name, directory.scope.skill_names())


def _skills(name: str, named: frozenset[str]) -> Finding:
    """Whether the skills that groups give exist: one that does not is left out at the login."""
    check, setting = f"{name} skills", f"CM_{name.upper()}_SKILL_GROUPS"
    try:
        unknown = named - existing_skills(common_settings(Env()), named)
    except (EnvError, BadSetting, OSError, SQLAlchemyError, Unavailable):
        return skipped(check, "the database cannot be read (see above)")
    if unknown:
        return warning(check, f"{setting} names skills that do not exist: {', '.join(sorted(unknown))}",
                       "correct the names, or make the skills in the portal; until then nobody sees them")  # fmt: skip
    return ok(check, f"the skills that {setting} names exist")


def existing_skills(settings: CommonSettings, names: frozenset[str]) -> set[str]:
    """Those of `names` that are skills. Raises what reading raises; FileNotFoundError where there is no database."""
    if database.no_file(settings.database_url):
        raise FileNotFoundError
    with (
        closing(Database(settings.database_url, pool_size=1, timeout=max(settings.database_timeout, 5))) as opened,
        opened.reading() as connection,
    ):
        return set(skills_named(connection, names))


def _ldap_server(settings: LdapSettings, url: str, name: str) -> Iterator[Finding]:
    began = time.perf_counter()
    try:
        with connected(settings, url) as connection:
            account = settings.bind_dn or "the anonymous search"
            taken = (time.perf_counter() - began) * 1000
            yield ok(name, f"{url} lets {account} in, in {taken:.0f} ms")
            places = [("CM_LDAP_USER_BASE", settings.user_base), ("CM_LDAP_GROUP_BASE", settings.group_base),
                      *(("CM_LDAP_…_GROUPS", group) for group in settings.groups())]  # fmt: skip
            missing = [
                f"{dn} ({setting})"
                for setting, dn in places
                if dn and not search(connection, dn, "(objectClass=*)", ["1.1"], search_scope=BASE, paged_size=None)
            ]
    except OwnAccountRefused as error:
        yield failed(name, f"{url}: {error}", "correct CM_LDAP_BIND_DN and CM_LDAP_BIND_PASSWORD")
    except (ServerFailed, LDAPException, OSError) as error:
        yield failed(name, f"{url}: {error}", _cure(str(error)))
    else:
        if missing:
            yield failed(f"{name} names", f"not found, or not readable for {account}: {'; '.join(missing)}",
                         "correct them, or let the account read them")  # fmt: skip
        else:
            yield ok(f"{name} names", "people's place and the groups are there")
        yield from _certificate_end(url, f"{name} certificate")


def _oidc_provider(settings: OidcSettings) -> Iterator[Finding]:
    """Its discovery document and its keys; whether it knows us shows a login only."""
    client = OidcClient(settings)
    try:
        metadata = client.metadata()
        client.keys()
    except DirectoryDown as error:
        yield failed("oidc", f"{settings.issuer}: {error.reason}", _oidc_cure(error.reason))
        return
    yield ok("oidc", f"{settings.issuer}: discovery document and keys are read")
    offered = metadata.get("scopes_supported")
    unknown = [scope for scope in settings.scopes.split() if isinstance(offered, list) and scope not in offered]
    if unknown:
        yield warning("oidc scopes", f"the provider does not name {', '.join(unknown)} among its scopes",
                      "leave them out of CM_OIDC_SCOPES if it refuses the login")  # fmt: skip
    if metadata.get("code_challenge_methods_supported") and "S256" not in metadata["code_challenge_methods_supported"]:
        yield warning("oidc pkce", "the provider does not offer PKCE's S256", "it must ignore it, or the login fails")
    yield ok("oidc redirect", f"the provider must know {settings.redirect_uri}")


def _oidc_cure(said: str) -> str:
    if "certificate" in said:
        return "CM_OIDC_CA_FILE must hold the authority of the provider's certificate"
    if "issuer" in said:
        return "CM_OIDC_ISSUER must be, letter by letter, the issuer that the discovery document names"
    return "check CM_OIDC_ISSUER, the way to it (HTTPS_PROXY?) and the firewall"


def _cure(said: str) -> str:
    if "certificate" in said.lower():
        return "CM_LDAP_CA_FILE must hold the certificate's authority, and CM_LDAP_URLS the server's name in it"
    return "check the server, its name and port in CM_LDAP_URLS, and the firewall"


def _certificate_end(url: str, name: str) -> Iterator[Finding]:
    """The end of the certificate, for ldaps:// only: with StartTLS it is verified, but its end is not read."""
    parts = urlsplit(url)
    if parts.scheme != "ldaps":
        return
    days = certificates.days_left(f"https://{parts.hostname}:{parts.port or 636}")
    if days is not None and days < certificates.WARN_DAYS:
        yield warning(
            name, f"trusted, but it ends in {days} days", "have it renewed; replace CM_LDAP_CA_FILE if needed"
        )
    elif days is not None:
        yield ok(name, f"trusted, for {days} days more")
