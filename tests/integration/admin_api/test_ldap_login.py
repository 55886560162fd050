"""Login by LDAP, against OpenLDAP's slapd."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.sandbox import ports
from deploy.self_signed import self_signed
from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.settings import DirectorySettings
from shared.db.models import AuditLog, PortalSession, PortalUser
from shared.redis_client import RedisClient
from tests.servers.slapd import GROUPS, PASSWORD, PEOPLE, SERVICE, SERVICE_PASSWORD, Slapd, person_dn
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS

OPERATORS, ADMINISTRATORS = f"cn=callback-operators,{GROUPS}", f"cn=callback-administrators,{GROUPS}"
BLACK_HOLE = "ldap://localhost:1"


def settings_of(slapd: Slapd, **changes: Any) -> LdapSettings:
    usual = LdapSettings(
        urls=(slapd.ldaps,), start_tls=True, ca_file=slapd.ca_file, timeout=2.0, bind_dn=SERVICE,
        bind_password=SERVICE_PASSWORD, user_base=PEOPLE, user_filter="(&(objectClass=inetOrgPerson)(uid={name}))",
        name_attribute="uid", id_attribute="entryUUID", group_base=GROUPS, nested_groups="walk",
        roles=RoleGroups(administrator=(ADMINISTRATORS,), operator=(OPERATORS,)), label="Corp directory",
    )  # fmt: skip
    return replace(usual, **changes)


Start = Callable[..., Browser]


@pytest.fixture
def browser_of(admin: Admin) -> Iterator[Callable[[LdapSettings], Browser]]:
    """A browser at a node with these settings; nodes with equal settings share the state of the servers."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:
        apps: dict[LdapSettings, Any] = {}

        def start(settings: LdapSettings) -> Browser:
            if settings not in apps:
                apps[settings] = admin.node(cache, Directories(DirectorySettings(ldap=settings)))
            return admin.browser(apps[settings])

        yield start


def audited(admin: Admin, action: str) -> list[Any]:
    return [row for row in admin.world.rows(AuditLog) if row.action == action]


@pytest.mark.parametrize("way", ["ldaps", "ldap"])
def test_a_person_of_the_directory_gets_an_account_at_the_first_login(
    admin: Admin, slapd: Slapd, browser_of: Start, way: str
) -> None:
    browser = browser_of(settings_of(slapd, urls=(getattr(slapd, way),)))
    me = browser.log_in("ANNA", PASSWORD, "ldap")
    assert me.status_code == 200
    told = {name: me.json[name] for name in ("name", "displayName", "role", "source", "mustChange")}
    assert told == {"name": "anna", "displayName": "Anna Ames", "role": "operator", "source": "ldap",
                    "mustChange": False}  # fmt: skip
    assert browser.get("/auth/me").status_code == 200
    (user,) = admin.world.rows(PortalUser, name="anna")
    assert (user.source, user.password_hash, user.last_login_at) == ("ldap", None, admin.now)
    (made,), (login,) = audited(admin, "create"), audited(admin, "login")
    assert (made.who, made.label) == ("directory:ldap", "anna")
    assert (login.who, login.after["source"]) == ("user:anna", "ldap")
    assert browser.log_in("anna", PASSWORD, "ldap").status_code == 200
    assert len(admin.world.rows(PortalUser, name="anna")) == 1


def test_two_first_logins_at_the_same_time_make_one_account(admin: Admin, slapd: Slapd, browser_of: Start) -> None:
    browsers = [browser_of(settings_of(slapd)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda browser: browser.log_in("anna", PASSWORD, "ldap"), browsers))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(admin.world.rows(PortalUser, name="anna")) == 1


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("ben", "wrong", "wrong_password"),
        ("nobody", PASSWORD, "unknown_name"),
        ("*", PASSWORD, "unknown_name"),
        ("ann*", PASSWORD, "unknown_name"),
        ("anna)(uid=*", PASSWORD, "unknown_name"),
        ("x)(|(uid=anna", PASSWORD, "unknown_name"),
        (r"\61nna", PASSWORD, "unknown_name"),
        (r"CORP\*", PASSWORD, "unknown_name"),
        ("anna", "\u00ad", "wrong_password"),  # SASLprep makes nothing of it, and a bind with nothing succeeds
    ],
)  # fmt: skip
def test_who_does_not_know_name_and_password_is_told_nothing_more(
    admin: Admin, slapd: Slapd, browser_of: Start, name: str, password: str, reason: str
) -> None:
    refused = browser_of(settings_of(slapd)).log_in(name, password, "ldap")
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")
    assert refused.json["detail"] == "The name or the password is wrong, or the account is locked."
    (failed,) = audited(admin, "login_failed")
    assert failed.after["reason"] == reason
    assert failed.who == ("unknown" if reason == "unknown_name" else f"user:{name}")


def test_an_empty_password_is_no_bind_as_nobody(slapd: Slapd, browser_of: Start) -> None:
    assert browser_of(settings_of(slapd)).log_in("anna", "", "ldap").status_code == 422


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("ben", "none of the groups"), ("eve", "password has expired"), ("max", "must choose a new password")],
)
def test_who_knows_the_password_is_told_why_they_are_not_let_in(
    admin: Admin, slapd: Slapd, browser_of: Start, name: str, sentence: str
) -> None:
    if name == "max":
        slapd.add_person("max", pwdReset="TRUE")
    refused = browser_of(settings_of(slapd)).log_in(name, PASSWORD, "ldap")
    assert (refused.status_code, refused.json["code"]) == (403, "login_refused")
    assert sentence in refused.json["detail"]
    assert admin.world.rows(PortalUser, name=name) == []
    assert len(audited(admin, "login_failed")) == 1


def test_who_knows_the_password_is_not_locked_however_often_they_are_not_let_in(
    slapd: Slapd, browser_of: Start
) -> None:
    browser = browser_of(settings_of(slapd))
    assert [browser.log_in("ben", PASSWORD, "ldap").status_code for _ in range(7)] == [403] * 7


def test_an_account_that_the_directory_locked_is_answered_like_a_wrong_password(
    admin: Admin, slapd: Slapd, browser_of: Start
) -> None:
    slapd.add_person("locked")
    browser = browser_of(settings_of(slapd))
    for _ in range(4):
        browser.log_in("locked", "wrong", "ldap")
        admin.now += timedelta(seconds=5)  # the portal's own pause
    refused = browser.log_in("locked", PASSWORD, "ldap")
    assert (refused.status_code, refused.json["code"]) == (401, "invalid_credentials")
    assert audited(admin, "login_failed")[-1].after["reason"] == "locked"


def test_groups_in_groups_count_and_a_circle_of_them_ends(slapd: Slapd, browser_of: Start) -> None:
    deep = slapd.add_person("deep")
    odd = r"Team \2c (a*b) Zoë\\x"
    slapd.set_members(odd, deep)
    slapd.set_members("site", rf"cn={odd},{GROUPS}", f"cn=circle,{GROUPS}")
    slapd.set_members("circle", f"cn=site,{GROUPS}")
    slapd.set_members("callback-administrators", f"cn=circle,{GROUPS}")
    browser = browser_of(settings_of(slapd, roles=RoleGroups(administrator=(ADMINISTRATORS.upper(),))))
    assert browser.log_in("deep", PASSWORD, "ldap").json["role"] == "administrator"


def test_unix_groups_list_their_members_by_name(slapd: Slapd, browser_of: Start) -> None:
    slapd.add_person("uma")
    slapd.add(f"cn=unix,{GROUPS}", ["posixGroup"], {"gidNumber": "7", "memberUid": "uma"})
    browser = browser_of(settings_of(slapd, roles=RoleGroups(viewer=(f"cn=unix,{GROUPS}",))))
    assert browser.log_in("uma", PASSWORD, "ldap").json["role"] == "viewer"


def test_a_name_that_somebody_else_has_here_is_not_taken_over(admin: Admin, slapd: Slapd, browser_of: Start) -> None:
    admin.add_user("anna", "administrator")
    refused = browser_of(settings_of(slapd)).log_in("anna", PASSWORD, "ldap")
    assert (refused.status_code, refused.json["code"]) == (403, "login_refused")
    assert admin.browser().log_in("anna").json["source"] == "local"


def test_who_is_blocked_here_is_not_let_in(admin: Admin, slapd: Slapd, browser_of: Start) -> None:
    browser = browser_of(settings_of(slapd))
    browser.log_in("anna", PASSWORD, "ldap")
    (user,) = admin.world.rows(PortalUser, name="anna")
    body = {"name": "anna", "displayName": "Anna Ames", "role": "operator", "enabled": False}
    assert admin.as_role("administrator").put(f"/users/{user.id}", body, 1).status_code == 200
    assert browser.get("/auth/me").status_code == 401
    assert "blocked" in browser.log_in("anna", PASSWORD, "ldap").json["detail"]


def test_a_directorys_administrator_cannot_remove_the_last_local_one(
    admin: Admin, slapd: Slapd, browser_of: Start
) -> None:
    """Otherwise nobody could log in while the directory does not answer."""
    slapd.add_person("boss")
    slapd.set_members("bosses", person_dn("boss"))
    boss = browser_of(settings_of(slapd, roles=RoleGroups(administrator=(f"cn=bosses,{GROUPS}",))))
    assert boss.log_in("boss", PASSWORD, "ldap").json["role"] == "administrator"
    refused = boss.delete(f"/users/{admin.user_ids['administrator']}", 1)
    assert (refused.status_code, refused.json["usedBy"]) == (409, ["the portal's administration"])
    assert (
        boss.post("/auth/password", {"currentPassword": PASSWORD, "newPassword": "a brand new start"}).status_code
        == 422
    )


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


def test_without_a_directory_nobody_logs_in_by_one(admin: Admin) -> None:
    refused = admin.browser().log_in("anna", PASSWORD, "ldap")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["source"])
