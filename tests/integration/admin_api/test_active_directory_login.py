"""Login by LDAP against Samba's Active Directory: its matching rule for nested groups, its error codes of a bind."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from environs import Env

from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.settings import DirectorySettings, directory_settings
from shared.db.models import AuditLog, PortalUser
from shared.redis_client import RedisClient
from tests.servers import samba
from tests.servers.samba import ADMIN, ADMIN_PASSWORD, BASE, USERS, Samba
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS

PASSWORD = "Passw0rd of a person"


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samba]:
    if not samba.is_installed():
        pytest.skip("No domain controller: apt-get install samba-ad-dc samba-ad-provision")
    made = samba.make(tmp_path_factory.mktemp("samba") / "dc")
    made.process.start()
    try:
        made.process.wait_ready()
        made.add_user("anna", PASSWORD, "--given-name=Anna", "--surname=Ames")
        made.add_group("Team (north)", ["anna"])
        made.add_group("Site (all)", ["Team (north)"])
        made.add_group("Callback operators", ["Site (all)"])
        made.add_group("Callback administrators", ["Administrator"])
        yield made
    finally:
        made.process.stop()


@pytest.fixture
def browser_of(admin: Admin, domain: Samba, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Browser]]:
    """A browser at a node with the settings of an installation with Active Directory, and `changes`."""
    usual = {
        "CM_LDAP_URLS": domain.url, "CM_LDAP_CA_FILE": domain.ca_file, "CM_LDAP_BIND_DN": ADMIN,
        "CM_LDAP_BIND_PASSWORD": ADMIN_PASSWORD, "CM_LDAP_USER_BASE": BASE,
        "CM_LDAP_OPERATOR_GROUPS": f"CN=Callback operators,{USERS}",
        "CM_LDAP_ADMINISTRATOR_GROUPS": f"CN=Callback administrators,{USERS}",
    }  # fmt: skip
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:

        def start(**changes: Any) -> Browser:
            for name, value in usual.items():
                monkeypatch.setenv(name, value)
            ldap = directory_settings(Env()).ldap
            assert ldap is not None
            settings = DirectorySettings(ldap=replace(ldap, **changes))
            return admin.browser(admin.node(cache, Directories(settings)))

        yield start


@pytest.mark.parametrize("name", ["anna", "ANNA", "anna@corp.example", r"CORP\anna"])
def test_groups_in_groups_count_by_the_domain_controllers_own_rule(
    admin: Admin, browser_of: Callable[..., Browser], name: str
) -> None:
    me = browser_of().log_in(name, PASSWORD, "ldap").json
    assert (me["name"], me["displayName"], me["role"]) == ("anna", "Anna Ames", "operator")
    (user,) = admin.world.rows(PortalUser, name="anna")
    assert len(user.external_id) == 36  # objectGUID


def test_the_general_walk_finds_the_same(browser_of: Callable[..., Browser]) -> None:
    assert browser_of(nested_groups="walk").log_in("anna", PASSWORD, "ldap").json["role"] == "operator"


@pytest.mark.parametrize(
    ("name", "acts", "said"),
    [
        ("dora", ["user", "disable"], (401, "The name or the password is wrong")),
        ("mia", ["user", "setpassword", "--newpassword", PASSWORD, "--must-change-at-next-login"],
         (403, "must choose a new password")),
        ("xena", ["user", "setexpiry", "--days=-1"], (403, "has expired in your company")),
        ("nell", ["user", "enable"], (403, "none of the groups")),
    ],
)  # fmt: skip
def test_what_the_domain_controller_says_of_an_account_is_said_plainly(
    browser_of: Callable[..., Browser], domain: Samba, name: str, acts: list[str], said: tuple[int, str]
) -> None:
    domain.add_user(name, PASSWORD)
    domain.tool(*acts[:2], name, *acts[2:])
    refused = browser_of().log_in(name, PASSWORD, "ldap")
    assert (refused.status_code, said[1] in refused.json["detail"]) == (said[0], True), refused.json


def test_a_disabled_account_is_logged_out_within_five_minutes(
    admin: Admin, browser_of: Callable[..., Browser], domain: Samba
) -> None:
    domain.add_user("leah", PASSWORD)
    domain.tool("group", "addmembers", "Team (north)", "leah")
    browser = browser_of()
    assert browser.log_in("leah", PASSWORD, "ldap").status_code == 200
    domain.tool("user", "disable", "leah")
    admin.now += timedelta(minutes=5)
    assert browser.get("/auth/me").status_code == 401
    assert [row.label for row in admin.world.rows(AuditLog) if row.action == "end_sessions"] == ["leah"]
