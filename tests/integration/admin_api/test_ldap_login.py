"""Login by LDAP, against OpenLDAP's slapd."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.admin_api.identity.directory.person import RoleGroups
from shared.db.models import PortalUser
from tests.servers.slapd import GROUPS, PASSWORD, Slapd, person_dn
from tests.support.admin_api import Admin
from tests.support.ldap_login import ADMINISTRATORS, Start, audited, nodes_with, settings_of


@pytest.fixture
def browser_of(admin: Admin) -> Iterator[Start]:
    """A browser at a node with these settings; nodes with equal settings share the state of the servers."""
    with nodes_with(admin) as start:
        yield start


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


def test_without_a_directory_nobody_logs_in_by_one(admin: Admin) -> None:
    refused = admin.browser().log_in("anna", PASSWORD, "ldap")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["source"])
