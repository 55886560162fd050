"""Names and roles read from a provider's claims, in the forms of Entra ID, AD FS and Keycloak."""

from dataclasses import replace
from typing import Any

import pytest

from services.admin_api.identity.directory.oidc_claims import person_of
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import LoginRefused, RoleGroups
from services.admin_api.identity.roles import Role

SETTINGS = OidcSettings(
    issuer="https://login.example", client_id="portal", client_secret="x", redirect_uri="", scopes="openid",
    response_mode="", group_claim="groups", name_claim="preferred_username", ca_file="", timeout=3.0,
    roles=RoleGroups(administrator=("admins",), viewer=("7f3a-41", "CORP\\Callbacks", "/callbacks/viewers", "viewer")),
    label="x",
)  # fmt: skip

ENTRA_ID = {
    "sub": "AAAA", "oid": "0001", "tid": "72f9", "preferred_username": "Anna.Ames@corp.example", "name": "Anna Ames",
    "groups": ["11aa-00", "7f3a-41"],
}  # fmt: skip
ENTRA_ROLES = {**ENTRA_ID, "groups": ["11aa-00"], "roles": ["viewer"]}
ENTRA_OVERAGE = {
    "sub": "AAAA", "preferred_username": "anna@corp.example", "_claim_names": {"groups": "src1"},
    "_claim_sources": {"src1": {"endpoint": "https://graph.example"}},
}  # fmt: skip
AD_FS = {"sub": "x=", "upn": "anna@corp.example", "unique_name": "CORP\\Anna", "group": "CORP\\Callbacks"}
KEYCLOAK = {"sub": "f1", "preferred_username": "anna", "name": "Anna Ames", "groups": ["/others", "/callbacks/viewers"]}
KEYCLOAK_ROLES = {"sub": "f1", "preferred_username": "anna", "realm_access": {"roles": ["offline_access", "viewer"]}}
DOTTED = {"sub": "f1", "preferred_username": "anna", "https://corp.example/groups": ["viewer"]}


@pytest.mark.parametrize(
    ("claims", "changes", "name"),
    [
        (ENTRA_ID, {}, "anna.ames@corp.example"),
        (ENTRA_ROLES, {"group_claim": "roles"}, "anna.ames@corp.example"),
        (AD_FS, {"group_claim": "group", "name_claim": "unique_name"}, "anna"),
        (AD_FS, {"group_claim": "group", "name_claim": "upn"}, "anna@corp.example"),
        (KEYCLOAK, {}, "anna"),
        (KEYCLOAK_ROLES, {"group_claim": "realm_access.roles"}, "anna"),
        (DOTTED, {"group_claim": "https://corp.example/groups"}, "anna"),
    ],
)
def test_name_and_role_of_each_shape(claims: dict[str, Any], changes: dict[str, Any], name: str) -> None:
    person = person_of(claims, replace(SETTINGS, **changes))
    assert (person.name, person.role) == (name, Role.VIEWER)
    assert person.display_name in ("Anna Ames", name, "CORP\\Anna")


def test_the_greatest_role_counts() -> None:
    assert person_of({**KEYCLOAK, "groups": ["viewer", "admins"]}, SETTINGS).role is Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (ENTRA_OVERAGE, "too_many_groups"),
        ({**KEYCLOAK, "groups": {"viewer": True}}, "no_group"),
        ({**KEYCLOAK, "groups": [["viewer"], 7, None]}, "no_group"),
        ({**KEYCLOAK, "groups": "viewers"}, "no_group"),
        ({**KEYCLOAK, "preferred_username": ["anna"]}, "unusable_name"),
        ({**KEYCLOAK, "preferred_username": "anna\u202e"}, "unusable_name"),
    ],
)
def test_what_gives_no_role_or_no_name_lets_nobody_in(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        person_of(claims, SETTINGS)
    assert refused.value.reason == reason


def test_the_same_subject_of_another_issuer_is_somebody_else() -> None:
    one, other = (person_of(KEYCLOAK, replace(SETTINGS, issuer=f"https://{host}.example")) for host in ("a", "b"))
    assert one.external_id != other.external_id
