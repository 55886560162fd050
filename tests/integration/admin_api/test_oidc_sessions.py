"""Sessions that OpenID Connect began: what the provider decides later, and when it does not answer."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.db.models import PortalSession
from tests.servers.oidc import CLIENT_ID, OidcServer
from tests.support.admin_api import Admin
from tests.support.oidc_login import (
    ADMINISTRATOR,
    OPERATOR,
    Start,
    audited,
    come_back,
    log_in,
    nodes_with,
    refusal,
    settings_of,
)


@pytest.fixture
def browser_of(admin: Admin) -> Iterator[Start]:
    """A browser at a node with these settings; nodes with equal settings share the provider's documents and keys."""
    with nodes_with(admin) as start:
        yield start


def test_a_removed_group_ends_every_session_within_five_minutes(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("rita", {"groups": [OPERATOR]})
    browser, second = browser_of(settings_of(oidc_server)), browser_of(settings_of(oidc_server))
    for each in (browser, second):
        assert refusal(log_in(each, oidc_server, "rita")) == "none"
    admin.now += timedelta(minutes=4)
    assert browser.get("/auth/me").status_code == 200
    oidc_server.set_person("rita", {"groups": ["others"]})
    admin.now += timedelta(minutes=4, seconds=59)
    assert browser.get("/auth/me").status_code == 401
    assert second.get("/auth/me").status_code == 401
    (row,) = audited(admin, "end_sessions")
    assert (row.who, row.label, row.after) == ("directory:oidc", "rita", {"reason": "not_allowed_any_more"})


def test_another_group_changes_the_role_of_who_is_logged_in(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("prue", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server))
    log_in(browser, oidc_server, "prue")
    oidc_server.set_person("prue", {"groups": [ADMINISTRATOR]})
    for _ in range(3):  # each check gets a new refresh token, and the old one would be refused
        admin.now += timedelta(minutes=5)
        assert browser.get("/auth/me").json["role"] == "administrator"


def test_who_was_removed_at_the_provider_is_logged_out(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("gone", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server))
    log_in(browser, oidc_server, "gone")
    oidc_server.set_person("gone", None)
    admin.now += timedelta(minutes=5)
    assert browser.get("/auth/me").status_code == 401


def test_requests_at_the_same_time_use_a_refresh_token_once(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    """The provider would end the grant of one that is used twice."""
    oidc_server.set_person("paul", {"groups": [OPERATOR]})
    settings = settings_of(oidc_server)
    browser = browser_of(settings)
    log_in(browser, oidc_server, "paul")
    nodes = [browser, browser_of(replace(settings, label="Another node"))]
    nodes[1].client.set_cookie("cm_session", browser.session_token)
    for _ in range(3):
        admin.now += timedelta(minutes=6)
        with ThreadPoolExecutor(6) as threads:
            asked = list(threads.map(lambda number: nodes[number % 2].client.get("/admin/api/v1/auth/me"), range(6)))
        assert [answer.status_code for answer in asked] == [200] * 6
    assert audited(admin, "end_sessions") == []


def test_a_session_without_a_refresh_token_ends_when_it_should_be_checked(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    oidc_server.set_person("nora", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(oidc_server, client_id=f"{CLIENT_ID}-without-refresh"))
    log_in(browser, oidc_server, "nora")
    admin.now += timedelta(minutes=5)
    assert browser.get("/auth/me").status_code == 401
    assert audited(admin, "end_sessions")[0].after == {"reason": "no_refresh_token"}


def test_the_database_has_no_refresh_token_that_others_can_use(
    admin: Admin, oidc_server: OidcServer, browser_of: Start
) -> None:
    browser, other = browser_of(settings_of(oidc_server)), browser_of(settings_of(oidc_server))
    for each, name in ((browser, "sam"), (other, "tom")):
        oidc_server.set_person(name, {"groups": [OPERATOR]})
        log_in(each, oidc_server, name)
    one = admin.world.rows(PortalSession)[0]
    assert one.refresh_token.startswith("gAAAA")  # Fernet
    with admin.world.database.writing() as tx:  # whoever writes there cannot move it to a session of theirs
        tx.exec_driver_sql(f"UPDATE portal_session SET refresh_token = '{one.refresh_token}'")  # noqa: S608
        tx.commit()
    admin.now += timedelta(minutes=5)
    assert sorted(each.get("/auth/me").status_code for each in (browser, other)) == [200, 401]


def test_a_provider_that_is_down_leaves_local_logins_and_who_is_logged_in(
    admin: Admin, own_oidc_server: OidcServer, browser_of: Start
) -> None:
    own_oidc_server.set_person("anna", {"groups": [OPERATOR]})
    settings = settings_of(own_oidc_server)
    browser = browser_of(settings)
    assert browser.get("/auth/methods").json["items"][1] == {
        "source": "oidc", "label": "Corp login", "available": True,
    }  # fmt: skip
    log_in(browser, own_oidc_server, "anna")
    own_oidc_server.process.kill()
    fresh = browser_of(replace(settings, label="Asked anew"))
    assert fresh.get("/auth/methods").json["items"][1]["available"] is False
    assert refusal(fresh.get("/auth/oidc/login")) == "provider_down"
    assert fresh.log_in("viewer").status_code == 200
    admin.now += timedelta(minutes=20)
    assert browser.get("/auth/me").status_code == 200
    for _ in range(5):
        admin.now += timedelta(minutes=11)
        ended = browser.get("/auth/me")
    assert ended.status_code == 401


def test_a_provider_that_hangs_is_given_up_after_its_time(
    admin: Admin, own_oidc_server: OidcServer, browser_of: Start
) -> None:
    own_oidc_server.set_person("hans", {"groups": [OPERATOR]})
    browser = browser_of(settings_of(own_oidc_server, timeout=0.5))
    log_in(browser, own_oidc_server, "hans")
    back = come_back(browser, own_oidc_server, "hans")
    admin.now += timedelta(minutes=6)
    own_oidc_server.process.kill(signal.SIGSTOP)
    began = time.monotonic()
    assert browser.get("/auth/me").status_code == 200  # who is logged in works on
    first = time.monotonic() - began
    assert refusal(browser.request("GET", back)) == "provider_down"
    assert first < 3
    assert time.monotonic() - began - first < 0.5  # not asked again while its pause lasts
    own_oidc_server.process.kill(signal.SIGCONT)
