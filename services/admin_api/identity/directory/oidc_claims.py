"""What a provider's claims say of a person. Providers differ in where groups stand and in what form."""

from collections.abc import Mapping
from typing import Any

from services.admin_api.identity.directory.external_ids import hashed_id
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import MAX_NAME, DirectoryPerson, LoginRefused
from services.admin_api.identity.source import Source
from shared.db.columns import truncate_utf16

Claims = Mapping[str, Any]


def person_of(claims: Claims, settings: OidcSettings) -> DirectoryPerson:
    """Raises LoginRefused."""
    name = _name(claims, settings)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise LoginRefused("unusable_name", name[:MAX_NAME] or None)
    groups = groups_of(claims, settings.group_claim)
    role = settings.roles.role_of(groups.__contains__)
    if role is None:
        raise LoginRefused("too_many_groups" if _groups_left_out(claims) else "no_group", name)
    display_name = str(claims.get("name") or _text(claims, settings.name_claim))
    external_id = hashed_id(settings.issuer, str(claims["sub"]))
    scope = settings.scope.scope_of(groups.__contains__)
    return DirectoryPerson(Source.OIDC, external_id, name, truncate_utf16(display_name, 128), role, scope)


def has_groups(claims: Claims, claim: str) -> bool:
    """Whether the claim is there at all."""
    return _at(claims, claim) is not None


def groups_of(claims: Claims, claim: str) -> set[str]:
    """A list of texts; one text, as AD FS sends a single group; or Keycloak's roles, at `realm_access.roles`."""
    found = _at(claims, claim)
    if isinstance(found, str):
        return {found}
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()


def _at(claims: Claims, claim: str) -> Any:
    """The claim of this name, else the one inside of objects whose names have dots between them."""
    if claim in claims:
        return claims[claim]
    found: Any = claims
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _groups_left_out(claims: Claims) -> bool:
    """Entra ID leaves all groups out when they are more than 200, and says where they could be asked for."""
    elsewhere = claims.get("_claim_names")
    return bool(claims.get("hasgroups")) or (isinstance(elsewhere, Mapping) and "groups" in elsewhere)


def _name(claims: Claims, settings: OidcSettings) -> str:
    """In lower case. AD FS's unique_name is DOMAIN\\user: the domain goes."""
    return _text(claims, settings.name_claim).rpartition("\\")[2].casefold()


def _text(claims: Claims, claim: str) -> str:
    found = _at(claims, claim)
    return found.strip() if isinstance(found, str) else ""
