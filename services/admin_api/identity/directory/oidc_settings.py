"""Settings of the login by OpenID Connect; unset CM_OIDC_ISSUER means that there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from environs import Env, validate

from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.scope_groups import NO_SCOPE_GROUPS, ScopeGroups, scope_groups
from shared.config import BadSetting, require_certificates, secret

CALLBACK_PATH = "/admin/api/v1/auth/oidc/callback"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OF_ALL_TENANTS = ("/common/", "/organizations/", "/consumers/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """`client_secret` "" means a public client. `timeout` is in seconds, for a connection and for each answer."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: str
    response_mode: str
    group_claim: str
    name_claim: str
    ca_file: str
    timeout: float
    roles: RoleGroups
    label: str
    scope: ScopeGroups = NO_SCOPE_GROUPS


def oidc_settings(env: Env) -> OidcSettings | None:
    """None when no provider is set up. Raises EnvError, BadSetting."""
    portal_url = env.str("CM_OIDC_PORTAL_URL", "").rstrip("/")
    settings = OidcSettings(
        issuer=env.str("CM_OIDC_ISSUER", ""),
        client_id=env.str("CM_OIDC_CLIENT_ID", ""),
        client_secret=secret(env, "CM_OIDC_CLIENT_SECRET", ""),
        redirect_uri=portal_url + CALLBACK_PATH,
        scopes=env.str("CM_OIDC_SCOPES", "openid profile email offline_access"),
        response_mode=env.str("CM_OIDC_RESPONSE_MODE", "", validate=validate.OneOf(["", "query", "form_post"])),
        group_claim=env.str("CM_OIDC_GROUP_CLAIM", "groups", validate=validate.Length(1, 200)),
        name_claim=env.str("CM_OIDC_NAME_CLAIM", "preferred_username", validate=validate.Length(1, 200)),
        ca_file=env.str("CM_OIDC_CA_FILE", ""),
        timeout=env.float("CM_OIDC_TIMEOUT", 3.0, validate=validate.Range(min=0.2, max=5)),
        roles=RoleGroups(
            administrator=_list(env.str("CM_OIDC_ADMINISTRATOR_GROUPS", "")),
            supervisor=_list(env.str("CM_OIDC_SUPERVISOR_GROUPS", "")),
            operator=_list(env.str("CM_OIDC_OPERATOR_GROUPS", "")),
            viewer=_list(env.str("CM_OIDC_VIEWER_GROUPS", "")),
        ),
        scope=scope_groups(
            "CM_OIDC_SKILL_GROUPS",
            env.str("CM_OIDC_SKILL_GROUPS", ""),
            _list(env.str("CM_OIDC_PHONE_GROUPS", "")),
            _list(env.str("CM_OIDC_EXPORT_GROUPS", "")),
        ),
        label=env.str("CM_OIDC_LABEL", "Single sign-on", validate=validate.Length(1, 40)),
    )
    if not settings.issuer:
        if settings.client_id or settings.roles.all() or settings.scope.all():
            raise BadSetting("CM_OIDC_… is set up, but CM_OIDC_ISSUER is not: say who the provider is, or remove them")
        return None
    for problem in _problems(settings, portal_url):
        raise BadSetting(problem)
    if settings.ca_file:
        require_certificates("CM_OIDC_CA_FILE", settings.ca_file)
    return settings


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _problems(settings: OidcSettings, portal_url: str) -> Iterator[str]:
    if not _is_safe_url(settings.issuer):
        yield (
            f"CM_OIDC_ISSUER is {settings.issuer}, which is no https:// address: the issuer as the provider's "
            "discovery document names it, without /.well-known/openid-configuration"
        )
    if settings.issuer.endswith("/.well-known/openid-configuration"):
        yield "CM_OIDC_ISSUER is the discovery document's address: leave /.well-known/openid-configuration out"
    if any(part in f"{settings.issuer}/" for part in _OF_ALL_TENANTS):
        yield "CM_OIDC_ISSUER names every tenant of Entra ID: put your tenant's id in the place of the word"
    if not settings.client_id:
        yield "CM_OIDC_CLIENT_ID is missing: what the provider calls this application"
    if not portal_url or urlsplit(portal_url).path or not _is_safe_url(portal_url):
        yield (
            "CM_OIDC_PORTAL_URL must be the portal's public address, such as https://callbacks.cc.example; the "
            f"provider must know {CALLBACK_PATH} below it as a redirect address"
        )
    if "openid" not in settings.scopes.split():
        yield "CM_OIDC_SCOPES lacks openid, without which the provider tells nothing of the person"
    if not settings.roles.all():
        yield "No group gives a role: set CM_OIDC_ADMINISTRATOR_GROUPS, …SUPERVISOR…, …OPERATOR… or …VIEWER_GROUPS"


def _is_safe_url(url: str) -> bool:
    """https, or http on this machine; without a query."""
    try:
        parts = urlsplit(url)
        there = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return there and safe and not parts.query and not parts.fragment and not parts.username
