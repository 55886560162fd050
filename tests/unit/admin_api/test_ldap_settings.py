"""Settings of the login by LDAP: what cannot work is named at the start, not at the first login."""

import os

import pytest
from environs import Env, EnvError

from services.admin_api.identity.directory.ldap_groups import dn_key
from services.admin_api.identity.directory.settings import directory_settings
from shared.config import BadSetting

GOOD = {
    "CM_LDAP_URLS": "ldaps://dc1.corp.example,ldap://dc2.corp.example:389",
    "CM_LDAP_BIND_DN": "cm@corp.example",
    "CM_LDAP_BIND_PASSWORD": "secret",
    "CM_LDAP_USER_BASE": "OU=Staff,DC=corp,DC=example",
    "CM_LDAP_OPERATOR_GROUPS": r"CN=Callbacks\, all,OU=Groups,DC=corp,DC=example; CN=Two,DC=corp,DC=example",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CM_")]:
        monkeypatch.delenv(name)


def set_all(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> None:
    for name, value in {**GOOD, **changes}.items():
        if value is not None:
            monkeypatch.setenv(name, value)


def test_nothing_set_is_no_directory() -> None:
    assert directory_settings(Env()).ldap is None


def test_active_directory_needs_five_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    ldap = directory_settings(Env()).ldap
    assert ldap is not None
    assert ldap.urls == ("ldaps://dc1.corp.example", "ldap://dc2.corp.example:389")
    assert ldap.start_tls
    assert ldap.roles.operator == (r"CN=Callbacks\, all,OU=Groups,DC=corp,DC=example", "CN=Two,DC=corp,DC=example")
    assert (ldap.name_attribute, ldap.id_attribute, ldap.nested_groups) == ("sAMAccountName", "objectGUID", "chain")
    assert "(!(userAccountControl:1.2.840.113556.1.4.803:=2))" in ldap.user_filter


def test_groups_that_limit_are_read_and_not_set_is_the_administrators_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    ldap = directory_settings(Env()).ldap
    assert ldap is not None
    assert list(ldap.scope.decided()) == []
    set_all(
        monkeypatch,
        CM_LDAP_SKILL_GROUPS=r'{"CN=A\\, B,DC=corp": ["Billing", " Gold, new"], "CN=Leads,DC=corp": null}',
        CM_LDAP_PHONE_GROUPS="CN=One,DC=corp;CN=Two,DC=corp",
    )
    ldap = directory_settings(Env()).ldap
    assert ldap is not None
    assert ldap.scope.skills == (
        (r"CN=A\, B,DC=corp", frozenset({"Billing", "Gold, new"})), ("CN=Leads,DC=corp", None),
    )  # fmt: skip
    assert ldap.scope.phones == ("CN=One,DC=corp", "CN=Two,DC=corp")
    assert ldap.scope.export is None
    assert list(ldap.scope.decided()) == ["skillIds", "seesPhones"]


def test_groups_of_a_directory_that_is_not_set_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_LDAP_EXPORT_GROUPS", "CN=One,DC=corp")
    with pytest.raises(BadSetting, match="CM_LDAP_URLS is not"):
        directory_settings(Env())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CM_LDAP_URLS": None}, "CM_LDAP_URLS is not"),
        ({"CM_LDAP_URLS": "https://dc1.corp.example"}, "not like ldaps://"),
        ({"CM_LDAP_URLS": "ldaps://dc1.corp.example:many"}, "not like ldaps://"),
        ({"CM_LDAP_URLS": "ldaps://"}, "not like ldaps://"),
        ({"CM_LDAP_URLS": "ldaps://dc1/DC=corp"}, "not like ldaps://"),
        ({"CM_LDAP_STARTTLS": "false"}, "passwords would cross the network readable"),
        ({"CM_LDAP_CA_FILE": "/nowhere.pem"}, "CM_LDAP_CA_FILE names /nowhere.pem"),
        (
            {"CM_LDAP_URLS": "ldap://127.0.0.1", "CM_LDAP_STARTTLS": "false", "CM_LDAP_CA_FILE": "/x.pem"},
            "CM_LDAP_CA_FILE is for TLS",
        ),
        ({"CM_LDAP_BIND_PASSWORD": None}, "belong together"),
        ({"CM_LDAP_BIND_DN": None}, "belong together"),
        ({"CM_LDAP_USER_BASE": None}, "CM_LDAP_USER_BASE is missing"),
        ({"CM_LDAP_USER_BASE": "Staff"}, "CM_LDAP_USER_BASE holds Staff"),
        ({"CM_LDAP_GROUP_BASE": "Groups"}, "CM_LDAP_GROUP_BASE holds Groups"),
        ({"CM_LDAP_USER_FILTER": "(uid=anna)"}, "CM_LDAP_USER_FILTER"),
        ({"CM_LDAP_USER_FILTER": "(uid={name}"}, "CM_LDAP_USER_FILTER"),
        ({"CM_LDAP_OPERATOR_GROUPS": None}, "No group gives a role"),
        ({"CM_LDAP_VIEWER_GROUPS": "Callbacks"}, "holds Callbacks"),
        ({"CM_LDAP_PHONE_GROUPS": "Callbacks"}, "holds Callbacks"),
        ({"CM_LDAP_SKILL_GROUPS": '{"Callbacks": ["Billing"]}'}, "holds Callbacks"),
        ({"CM_LDAP_SKILL_GROUPS": "CN=Billing,DC=corp=Billing"}, "CM_LDAP_SKILL_GROUPS is no JSON"),
        ({"CM_LDAP_SKILL_GROUPS": "{}"}, "CM_LDAP_SKILL_GROUPS must be a JSON object like"),
        ({"CM_LDAP_SKILL_GROUPS": '["Billing"]'}, "CM_LDAP_SKILL_GROUPS must be a JSON object like"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": "Billing"}'}, "gives 'CN=A,DC=corp' no list of skills"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": {"Billing": 1}}'}, "gives 'CN=A,DC=corp' no list of skills"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": []}'}, "gives 'CN=A,DC=corp' no list of skills"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": [7]}'}, "gives 'CN=A,DC=corp' a skill that is no name"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": [" "]}'}, "gives 'CN=A,DC=corp' a skill that is no name"),
        ({"CM_LDAP_SKILL_GROUPS": '{"CN=A,DC=corp": ["x"], "CN=A,DC=corp": ["y"]}'}, "'CN=A,DC=corp' twice"),
        ({"CM_LDAP_SKILL_GROUPS": '{"": ["x"]}'}, "a group without name"),
        ({"CM_LDAP_TYPE": "novell"}, "CM_LDAP_TYPE"),
        ({"CM_LDAP_NESTED_GROUPS": "yes"}, "CM_LDAP_NESTED_GROUPS"),
        ({"CM_LDAP_TIMEOUT": "60"}, "CM_LDAP_TIMEOUT"),
        ({"CM_LDAP_LABEL": ""}, "CM_LDAP_LABEL"),
        ({"CM_DIRECTORY_GRACE": "-1"}, "CM_DIRECTORY_GRACE"),
    ],
)
def test_what_cannot_work_is_said(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], said: str) -> None:
    set_all(monkeypatch, **changes)
    with pytest.raises((BadSetting, EnvError), match=r"CM_") as refused:
        directory_settings(Env())
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CN=Callbacks,DC=Corp", "cn=callbacks, dc=corp"),
        (r"CN=a\2Cb,DC=corp", r"cn=A\,B,dc=corp"),
        (r"CN=Zo\C3\AB,DC=corp", "cn=zoë,dc=corp"),
    ],
)
def test_a_group_is_known_however_its_name_is_written(one: str, other: str) -> None:
    assert dn_key(one) == dn_key(other)
    assert dn_key(one) != dn_key(f"OU=more,{other}")
