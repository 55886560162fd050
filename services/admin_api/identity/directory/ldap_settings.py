"""Settings of the login by LDAP; unset CM_LDAP_URLS means that there is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from environs import Env, validate
from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import parse_filter
from ldap3.utils.dn import parse_dn

from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.scope_groups import NO_SCOPE_GROUPS, ScopeGroups, scope_groups
from shared.config import BadSetting, require_certificates, secret

_AD_FILTER = (
    "(&(objectCategory=person)(objectClass=user)(|(sAMAccountName={name})(userPrincipalName={name}))"
    "(!(userAccountControl:1.2.840.113556.1.4.803:=2)))"
)
# type → (user filter, attribute of the login name, attribute that stays, how nested groups are found)
_BY_TYPE = {
    "ad": (_AD_FILTER, "sAMAccountName", "objectGUID", "chain"),
    "openldap": ("(&(objectClass=inetOrgPerson)(uid={name}))", "uid", "entryUUID", "walk"),
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapSettings:
    """`bind_dn` "" means an anonymous search. `timeout` is in seconds, for a connection and for each answer."""

    urls: tuple[str, ...]
    start_tls: bool
    ca_file: str
    timeout: float
    bind_dn: str
    bind_password: str
    user_base: str
    user_filter: str
    name_attribute: str
    id_attribute: str
    group_base: str
    nested_groups: str
    roles: RoleGroups
    label: str
    scope: ScopeGroups = NO_SCOPE_GROUPS

    def groups(self) -> list[str]:
        """Every group that counts."""
        return [*self.roles.all(), *self.scope.all()]


def ldap_settings(env: Env) -> LdapSettings | None:
    """None when no LDAP directory is set up. Raises EnvError, BadSetting."""
    urls = tuple(url.strip() for url in env.str("CM_LDAP_URLS", "").split(",") if url.strip())
    kind = env.str("CM_LDAP_TYPE", "ad", validate=validate.OneOf(list(_BY_TYPE)))
    user_filter, name_attribute, id_attribute, nested = _BY_TYPE[kind]
    settings = LdapSettings(
        urls=urls,
        start_tls=env.bool("CM_LDAP_STARTTLS", True),
        ca_file=env.str("CM_LDAP_CA_FILE", ""),
        timeout=env.float("CM_LDAP_TIMEOUT", 2.0, validate=validate.Range(min=0.2, max=5)),
        bind_dn=env.str("CM_LDAP_BIND_DN", ""),
        bind_password=secret(env, "CM_LDAP_BIND_PASSWORD", ""),
        user_base=env.str("CM_LDAP_USER_BASE", ""),
        user_filter=env.str("CM_LDAP_USER_FILTER", "") or user_filter,
        name_attribute=env.str("CM_LDAP_NAME_ATTRIBUTE", "") or name_attribute,
        id_attribute=env.str("CM_LDAP_ID_ATTRIBUTE", "") or id_attribute,
        group_base=env.str("CM_LDAP_GROUP_BASE", ""),
        nested_groups=env.str("CM_LDAP_NESTED_GROUPS", "", validate=validate.OneOf(["", "chain", "walk"])) or nested,
        roles=RoleGroups(
            administrator=_list(env.str("CM_LDAP_ADMINISTRATOR_GROUPS", "")),
            supervisor=_list(env.str("CM_LDAP_SUPERVISOR_GROUPS", "")),
            operator=_list(env.str("CM_LDAP_OPERATOR_GROUPS", "")),
            viewer=_list(env.str("CM_LDAP_VIEWER_GROUPS", "")),
        ),
        scope=scope_groups(
            "CM_LDAP_SKILL_GROUPS",
            env.str("CM_LDAP_SKILL_GROUPS", ""),
            _list(env.str("CM_LDAP_PHONE_GROUPS", "")),
            _list(env.str("CM_LDAP_EXPORT_GROUPS", "")),
        ),
        label=env.str("CM_LDAP_LABEL", "Company directory", validate=validate.Length(1, 40)),
    )
    if not urls:
        _refuse_leftovers(settings)
        return None
    for problem in _problems(settings):
        raise BadSetting(problem)
    if settings.ca_file:
        require_certificates("CM_LDAP_CA_FILE", settings.ca_file)
    return settings


def _list(text: str) -> tuple[str, ...]:
    """Distinguished names hold commas, and a semicolon only as `\\;`: semicolons are between them."""
    return tuple(part.strip() for part in re.split(r"(?<!\\);", text) if part.strip())


def _refuse_leftovers(settings: LdapSettings) -> None:
    if settings.bind_dn or settings.user_base or settings.groups():
        raise BadSetting("CM_LDAP_… is set up, but CM_LDAP_URLS is not: say where the directory is, or remove them")


def _problems(settings: LdapSettings) -> Iterator[str]:
    yield from (problem for url in settings.urls if (problem := _problem_of_url(url, settings)))
    if bool(settings.bind_dn) != bool(settings.bind_password):
        yield (
            "CM_LDAP_BIND_DN and CM_LDAP_BIND_PASSWORD belong together: one of them is missing. Without both, the "
            "directory is searched anonymously, which Active Directory refuses"
        )
    if not settings.user_base:
        yield "CM_LDAP_USER_BASE is missing: where people are searched, such as OU=Staff,DC=corp,DC=example"
    if "{name}" not in settings.user_filter or not _is_filter(settings.user_filter):
        yield "CM_LDAP_USER_FILTER is no LDAP filter with {name} in it, such as (&(objectClass=person)(uid={name}))"
    if not settings.roles.all():
        yield "No group gives a role: set CM_LDAP_ADMINISTRATOR_GROUPS, …SUPERVISOR…, …OPERATOR… or …VIEWER_GROUPS"
    names = (("CM_LDAP_USER_BASE", settings.user_base), ("CM_LDAP_GROUP_BASE", settings.group_base),
             *(("CM_LDAP_…_GROUPS", group) for group in settings.groups()))  # fmt: skip
    yield from (
        f"{name} holds {dn}, which is no distinguished name such as CN=Callbacks,OU=Groups,DC=corp,DC=example "
        "(several groups have semicolons between them)"
        for name, dn in names
        if dn and not _is_dn(dn)
    )


def _problem_of_url(url: str, settings: LdapSettings) -> str | None:
    parts = urlsplit(url)
    try:
        well_formed = parts.scheme in ("ldap", "ldaps") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        well_formed = False
    if not well_formed or parts.path.strip("/") or parts.username:
        return f"CM_LDAP_URLS holds {url}, which is not like ldaps://dc1.corp.example or ldap://dc1.corp.example:389"
    if parts.scheme == "ldap" and not settings.start_tls and parts.hostname not in _LOOPBACK:
        return (
            f"CM_LDAP_URLS names {url} and CM_LDAP_STARTTLS is off: passwords would cross the network readable. "
            "Use ldaps://, or leave CM_LDAP_STARTTLS on"
        )
    if parts.scheme == "ldap" and not settings.start_tls and settings.ca_file:
        return f"CM_LDAP_CA_FILE is for TLS, but CM_LDAP_STARTTLS is off and CM_LDAP_URLS names {url}"
    return None


def _is_dn(text: str) -> bool:
    try:
        parse_dn(text)
    except LDAPExceptionError:
        return False
    return True


def _is_filter(text: str) -> bool:
    try:
        parse_filter(text.replace("{name}", "x"), None, True, True, None, False)
    except (LDAPExceptionError, IndexError, ValueError):
        return False
    return True
