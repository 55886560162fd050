"""Settings of the login by OpenID Connect: what cannot work is named at the start."""

import os

import pytest
from environs import Env, EnvError

from services.admin_api.identity.directory.settings import directory_settings
from shared.config import BadSetting

GOOD = {
    "CM_OIDC_ISSUER": "https://login.example/72f9/v2.0",
    "CM_OIDC_CLIENT_ID": "portal",
    "CM_OIDC_CLIENT_SECRET": "secret-of-the-client",
    "CM_OIDC_PORTAL_URL": "https://callbacks.cc.example/",
    "CM_OIDC_OPERATOR_GROUPS": "7f3a-41; CORP\\Callbacks",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CM_")]:
        monkeypatch.delenv(name)


def set_all(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> None:
    for name, value in {**GOOD, **changes}.items():
        if value is not None:
            monkeypatch.setenv(name, value)


def test_nothing_set_is_no_provider() -> None:
    assert directory_settings(Env()).oidc is None


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    oidc = directory_settings(Env()).oidc
    assert oidc is not None
    assert oidc.redirect_uri == "https://callbacks.cc.example/admin/api/v1/auth/oidc/callback"
    assert oidc.roles.operator == ("7f3a-41", "CORP\\Callbacks")
    assert (oidc.group_claim, oidc.name_claim) == ("groups", "preferred_username")


def test_groups_that_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    skills = '{"CORP\\\\Billing": ["Billing"], "leads": null}'
    set_all(monkeypatch, CM_OIDC_SKILL_GROUPS=skills, CM_OIDC_EXPORT_GROUPS="files; more")
    oidc = directory_settings(Env()).oidc
    assert oidc is not None
    assert oidc.scope.skills == (("CORP\\Billing", frozenset({"Billing"})), ("leads", None))
    assert (oidc.scope.phones, oidc.scope.export) == (None, ("files", "more"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CM_OIDC_ISSUER": None}, "CM_OIDC_ISSUER is not"),
        ({"CM_OIDC_ISSUER": "http://login.example"}, "no https:// address"),
        ({"CM_OIDC_ISSUER": "login.example"}, "no https:// address"),
        ({"CM_OIDC_ISSUER": "https://login.example/.well-known/openid-configuration"}, "leave /.well-known"),
        ({"CM_OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "names every tenant"),
        ({"CM_OIDC_CLIENT_ID": None}, "CM_OIDC_CLIENT_ID is missing"),
        ({"CM_OIDC_PORTAL_URL": None}, "CM_OIDC_PORTAL_URL must be"),
        ({"CM_OIDC_PORTAL_URL": "http://callbacks.cc.example"}, "CM_OIDC_PORTAL_URL must be"),
        ({"CM_OIDC_PORTAL_URL": "https://callbacks.cc.example/login"}, "CM_OIDC_PORTAL_URL must be"),
        ({"CM_OIDC_SCOPES": "profile"}, "CM_OIDC_SCOPES lacks openid"),
        ({"CM_OIDC_OPERATOR_GROUPS": None}, "No group gives a role"),
        ({"CM_OIDC_SKILL_GROUPS": "billing=Billing"}, "CM_OIDC_SKILL_GROUPS is no JSON"),
        ({"CM_OIDC_SKILL_GROUPS": '{"billing": "Billing"}'}, "gives 'billing' no list of skills"),
        ({"CM_OIDC_CA_FILE": "/nowhere.pem"}, "CM_OIDC_CA_FILE names /nowhere.pem"),
        ({"CM_OIDC_RESPONSE_MODE": "fragment"}, "CM_OIDC_RESPONSE_MODE"),
        ({"CM_OIDC_TIMEOUT": "60"}, "CM_OIDC_TIMEOUT"),
        ({"CM_OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "CM_OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_what_cannot_work_is_said(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], said: str) -> None:
    set_all(monkeypatch, **changes)
    with pytest.raises((BadSetting, EnvError), match=r"CM_") as refused:
        directory_settings(Env())
    assert said in str(refused.value)
    assert "secret-of-the-client" not in str(refused.value)
