"""Doctor's check of the login directories."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.doctor import directory
from deploy.doctor.finding import Finding, Verdict
from deploy.sandbox import ports
from deploy.self_signed import self_signed
from shared.db.models import Skill
from tests.servers.oidc import OidcServer
from tests.servers.slapd import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Slapd
from tests.support.configured_database import World

Check = Callable[..., list[Finding]]


@pytest.fixture
def check(slapd: Slapd, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The findings with a working LDAP directory's settings, and `changes`."""
    usual = {
        "CM_LDAP_URLS": slapd.ldaps, "CM_LDAP_CA_FILE": slapd.ca_file, "CM_LDAP_TYPE": "openldap",
        "CM_LDAP_BIND_DN": SERVICE, "CM_LDAP_BIND_PASSWORD": SERVICE_PASSWORD, "CM_LDAP_USER_BASE": PEOPLE,
        "CM_LDAP_OPERATOR_GROUPS": f"cn=callback-operators,{GROUPS}",
    }  # fmt: skip

    def findings(**changes: str) -> list[Finding]:
        for name, value in {**usual, **changes}.items():
            monkeypatch.setenv(name, value)
        return list(directory.check())

    return findings


def broken(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.verdict is Verdict.FAILED]


def test_nothing_set_up_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CM_LDAP_URLS", raising=False)
    assert {finding.verdict for finding in directory.check()} == {Verdict.SKIPPED}


def test_a_directory_that_works_is_said_to(check: Check, slapd: Slapd) -> None:
    found = check(CM_LDAP_URLS=f"{slapd.ldaps},{slapd.ldap}")
    assert [(finding.check, finding.verdict) for finding in found if finding.check.startswith("ldap")] == [
        ("ldap", Verdict.OK), ("ldap names", Verdict.OK), ("ldap certificate", Verdict.OK),
        ("ldap 2", Verdict.OK), ("ldap 2 names", Verdict.OK),
    ]  # fmt: skip


def test_skills_that_groups_give_and_nobody_made_are_named(
    check: Check, world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = f"cn=callback-operators,{GROUPS}"

    def found(*skills: str) -> Finding:
        groups = json.dumps({group: skills})
        return next(one for one in check(CM_LDAP_SKILL_GROUPS=groups) if one.check == "ldap skills")

    assert world.rows(Skill, name="Billing")
    monkeypatch.setenv("CM_DATABASE_URL", database_url)
    assert found("BILLING").verdict is Verdict.OK
    unknown = found("Billing", "Gold")
    assert (unknown.verdict, unknown.text.endswith("do not exist: Gold")) == (Verdict.WARNING, True)
    monkeypatch.setenv("CM_DATABASE_URL", "sqlite:////nowhere/at-all.db")
    assert found("Billing").verdict is Verdict.SKIPPED


def test_a_provider_that_works_and_one_that_does_not(
    monkeypatch: pytest.MonkeyPatch, oidc_server: OidcServer, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(self_signed("another authority")[0])
    usual = {
        "CM_OIDC_ISSUER": oidc_server.issuer, "CM_OIDC_CA_FILE": oidc_server.ca_file, "CM_OIDC_CLIENT_ID": "portal",
        "CM_OIDC_PORTAL_URL": "https://callbacks.cc.example", "CM_OIDC_VIEWER_GROUPS": "viewers",
        "CM_OIDC_SCOPES": "openid allatclaims",
    }  # fmt: skip

    def findings(**changes: str) -> dict[str, Finding]:
        for name, value in {**usual, **changes}.items():
            monkeypatch.setenv(name, value)
        return {finding.check: finding for finding in directory.check()}

    works = findings()
    assert works["oidc"].verdict is Verdict.OK
    assert "allatclaims" in works["oidc scopes"].text
    assert "https://callbacks.cc.example/admin/api/v1/auth/oidc/callback" in works["oidc redirect"].text
    untrusted = findings(CM_OIDC_CA_FILE=str(other))["oidc"]
    assert (untrusted.verdict, "CM_OIDC_CA_FILE" in untrusted.cure) == (Verdict.FAILED, True)
    elsewhere = findings(CM_OIDC_ISSUER=oidc_server.issuer.replace("localhost", "127.0.0.1"))["oidc"]
    assert (elsewhere.verdict, "letter by letter" in elsewhere.cure) == (Verdict.FAILED, True)
    nowhere = findings(CM_OIDC_ISSUER=f"https://localhost:{ports.free_port()}")["oidc"]
    assert (nowhere.verdict, "firewall" in nowhere.cure) == (Verdict.FAILED, True)


def test_each_fault_is_named_with_its_cure(check: Check, slapd: Slapd, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(self_signed("another authority")[0])
    faults = {
        "CM_LDAP_URLS": ({"CM_LDAP_URLS": f"ldaps://localhost:{ports.free_port()}"}, "refused"),
        "CM_LDAP_CA_FILE": ({"CM_LDAP_CA_FILE": str(other)}, "not trusted: self-signed certificate"),
        "CM_LDAP_BIND_PASSWORD": ({"CM_LDAP_BIND_PASSWORD": "wrong"}, f"it refuses {SERVICE}"),
        "or let": ({"CM_LDAP_SKILL_GROUPS": f'{{"cn=no-skills,{GROUPS}": null}}'}, f"cn=no-skills,{GROUPS}"),
        "correct them": ({"CM_LDAP_VIEWER_GROUPS": f"cn=nowhere,{GROUPS}"}, f"cn=nowhere,{GROUPS}"),
        "admin_api.env": ({"CM_LDAP_USER_BASE": ""}, "CM_LDAP_USER_BASE is missing"),
    }
    for cure, (changes, text) in faults.items():
        (finding,) = broken(check(**changes))
        assert text in finding.text
        assert cure in finding.cure
        assert SERVICE_PASSWORD not in finding.line()
