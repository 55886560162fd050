"""Sessions of people of an LDAP directory: what the directory decides later, and when its servers fail."""

import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.sandbox import ports
from deploy.self_signed import self_signed
from services.admin_api.identity.directory.person import RoleGroups
from shared.db.models import PortalSession, PortalUser
from tests.servers.slapd import GROUPS, PASSWORD, Slapd, person_dn
from tests.support.admin_api import Admin
from tests.support.ldap_login import BLACK_HOLE, Start, audited, nodes_with, settings_of


@pytest.fixture
def browser_of(admin: Admin) -> Iterator[Start]:
    """A browser at a node with these settings; nodes with equal settings share the state of the servers."""
    with nodes_with(admin) as start:
        yield start


def test_a_removed_group_ends_the_session_within_five_minutes(admin: Admin, slapd: Slapd, browser_of: Start) -> None:
    slapd.add_person("rita")
    slapd.set_members("leavers", person_dn("rita"))
    settings = settings_of(slapd, roles=RoleGroups(operator=(f"cn=leavers,{GROUPS}",)))
    browser, second = browser_of(settings), browser_of(settings)
    for each in (browser, second):
        assert each.log_in("rita", PASSWORD, "ldap").status_code == 200
    admin.now += timedelta(minutes=4)
    assert browser.get("/auth/me").status_code == 200
    slapd.set_members("leavers", person_dn("ben"))
    admin.now += timedelta(minutes=4, seconds=59)
    ended = browser.get("/auth/me")
    assert (ended.status_code, ended.json["code"]) == (401, "unauthorized")
    assert second.get("/auth/me").status_code == 401
    (user,) = admin.world.rows(PortalUser, name="rita")
    assert admin.world.rows(PortalSession, user_id=user.id) == []
    (row,) = audited(admin, "end_sessions")
    assert (row.who, row.label, row.after) == ("directory:ldap", "rita", {"reason": "not_allowed_any_more"})


def test_another_group_changes_the_role_of_who_is_logged_in(admin: Admin, slapd: Slapd, browser_of: Start) -> None:
    slapd.add_person("prue")
    slapd.set_members("juniors", person_dn("prue"))
    slapd.set_members("seniors", person_dn("ben"))
    roles = RoleGroups(supervisor=(f"cn=seniors,{GROUPS}",), viewer=(f"cn=juniors,{GROUPS}",))
    browser = browser_of(settings_of(slapd, roles=roles))
    assert browser.log_in("prue", PASSWORD, "ldap").json["role"] == "viewer"
    slapd.set_members("seniors", person_dn("prue"))
    admin.now += timedelta(minutes=5)
    assert browser.get("/auth/me").json["role"] == "supervisor"
    (row,) = [row for row in audited(admin, "update") if row.label == "prue"]
    assert (row.before, row.after) == ({"role": "viewer"}, {"role": "supervisor"})


def test_the_next_server_is_asked_when_one_does_not_answer(slapd: Slapd, browser_of: Start) -> None:
    browser = browser_of(settings_of(slapd, urls=(BLACK_HOLE, f"ldaps://localhost:{ports.free_port()}", slapd.ldaps)))
    assert browser.log_in("anna", PASSWORD, "ldap").status_code == 200


def test_a_directory_that_is_down_leaves_local_logins_and_who_is_logged_in(
    admin: Admin, own_slapd: Slapd, browser_of: Start
) -> None:
    settings = settings_of(own_slapd)
    browser = browser_of(settings)
    assert browser.get("/auth/methods").json["items"] == [
        {"source": "local", "label": "Local account", "available": True},
        {"source": "ldap", "label": "Corp directory", "available": True},
    ]
    browser.log_in("anna", PASSWORD, "ldap")
    own_slapd.process.kill()
    down = browser_of(settings).log_in("anna", PASSWORD, "ldap")
    assert (down.status_code, down.json["code"]) == (503, "service_unavailable")
    assert down.json["detail"].startswith("Corp directory does not answer. Local accounts can still log in")
    fresh = browser_of(replace(settings, label="Asked anew"))
    assert fresh.get("/auth/methods").json["items"][1]["available"] is False
    assert fresh.log_in("viewer").status_code == 200
    admin.now += timedelta(minutes=20)
    assert browser.get("/auth/me").status_code == 200
    for _ in range(5):  # the session is used, so it does not end for idleness
        admin.now += timedelta(minutes=11)
        ended = browser.get("/auth/me")
    assert ended.status_code == 401
    assert audited(admin, "end_sessions")[0].after == {"reason": "directory_silent"}


def test_a_server_that_hangs_is_given_up_after_its_time(own_slapd: Slapd, browser_of: Start) -> None:
    browser = browser_of(settings_of(own_slapd, timeout=0.5))
    own_slapd.process.kill(signal.SIGSTOP)
    began = time.monotonic()
    assert browser.log_in("anna", PASSWORD, "ldap").status_code == 503
    first = time.monotonic() - began
    assert browser.log_in("anna", PASSWORD, "ldap").status_code == 503
    assert first < 3
    assert time.monotonic() - began - first < 0.5  # not asked again while its pause lasts
    own_slapd.process.kill(signal.SIGCONT)


@pytest.mark.parametrize("way", ["ldaps", "ldap"])
def test_a_server_with_another_authoritys_certificate_gets_no_password(
    slapd: Slapd, browser_of: Start, tmp_path: Any, way: str
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(self_signed("another authority")[0])
    before = slapd.process.log.read_text().count("BIND dn=")
    browser = browser_of(settings_of(slapd, urls=(getattr(slapd, way),), ca_file=str(other)))
    assert browser.log_in("anna", PASSWORD, "ldap").status_code == 503
    assert slapd.process.log.read_text().count("BIND dn=") == before


def test_a_certificate_must_name_the_server(slapd: Slapd, browser_of: Start) -> None:
    """The certificate is of localhost, 127.0.0.1 and ::1 alone."""
    url = slapd.ldaps.replace("localhost", "127.0.0.2")
    before = slapd.process.log.read_text().count("BIND dn=")
    assert browser_of(settings_of(slapd, urls=(url,))).log_in("anna", PASSWORD, "ldap").status_code == 503
    log = slapd.process.log.read_text()
    assert "ACCEPT from IP=127.0.0.1" in log.rpartition("TLS negotiation failure")[0]
    assert log.count("BIND dn=") == before
