"""Groups of a directory that limit what their members see: some skills, whole phone numbers, files."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.scope_groups import ScopeGroups
from services.admin_api.identity.directory.settings import DirectorySettings
from shared.db import models
from shared.redis_client import RedisClient
from tests.servers.oidc import OidcServer
from tests.servers.slapd import GROUPS, PASSWORD, Slapd, person_dn
from tests.support import ldap_login as ldap
from tests.support import oidc_login as oidc
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS
from tests.support.configured_database import NOW

BILLING, SUPPORT, LEADS = (f"cn={name},{GROUPS}" for name in ("see-billing", "see-support", "see-all"))
SKILLS = ((BILLING, frozenset({"BILLING "})), (SUPPORT, frozenset({"Support"})), (LEADS, None))
NOBODY = person_dn("nobody")

Node = Callable[[DirectorySettings], Any]


@pytest.fixture
def node(admin: Admin) -> Iterator[Node]:
    """A node with these directories, on a database with the skills Billing, Support and Sales."""
    for name in ("Support", "Sales"):
        admin.world.another_skill(name)
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:
        yield lambda settings: admin.node(cache, Directories(settings))


@pytest.fixture
def ldap_node(admin: Admin, slapd: Slapd, node: Node) -> Callable[[ScopeGroups], Any]:
    """A node whose people are Sara, who may look, and Adam, an administrator; their groups limit them."""
    for name, group in (("sara", "lookers"), ("adam", "rulers")):
        slapd.add_person(name)
        slapd.set_members(group, person_dn(name))
    for group in ("see-billing", "see-support", "see-all", "billing-team", "see-phones", "take-files"):
        slapd.set_members(group, NOBODY)
    roles = RoleGroups(viewer=(f"cn=lookers,{GROUPS}",), administrator=(f"cn=rulers,{GROUPS}",))
    return lambda scope: node(DirectorySettings(ldap=ldap.settings_of(slapd, roles=roles, scope=scope)))


def at(admin: Admin, app: Any, name: str) -> Browser:
    browser = admin.browser(app)
    assert browser.log_in(name, PASSWORD, "ldap").status_code == 200
    return browser


def skills_seen(browser: Browser) -> set[str]:
    return {skill["name"] for skill in browser.get("/skills").json["items"]}


def changes(admin: Admin, name: str) -> list[Any]:
    return [row for row in ldap.audited(admin, "update") if row.label == name]


def test_a_person_sees_the_skills_of_all_their_groups_and_no_others_once_they_left_one(
    admin: Admin, slapd: Slapd, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    app = ldap_node(ScopeGroups(skills=SKILLS))
    slapd.set_members("billing-team", person_dn("sara"))
    slapd.set_members("see-billing", f"cn=billing-team,{GROUPS}")  # a group in the group
    slapd.set_members("see-support", person_dn("sara"))
    browser, second = at(admin, app, "sara"), at(admin, app, "sara")
    assert skills_seen(browser) == {"Billing", "Support"}
    assert browser.get("/auth/me").json["allSkills"] is False
    slapd.set_members("billing-team", NOBODY)
    assert skills_seen(browser) == {"Billing", "Support"}
    admin.now += timedelta(minutes=4, seconds=59)
    assert skills_seen(browser) == {"Support"}
    assert skills_seen(second) == {"Support"}
    (row,) = changes(admin, "sara")
    assert (row.who, row.before, row.after) == (
        "directory:ldap", {"skills": ["Billing", "Support"]}, {"skills": ["Support"]},
    )  # fmt: skip
    slapd.set_members("see-support", NOBODY)
    admin.now += timedelta(minutes=5)
    assert skills_seen(browser) == set()
    slapd.set_members("see-all", person_dn("sara"))
    admin.now += timedelta(minutes=5)
    assert skills_seen(browser) == {"Billing", "Support", "Sales"}
    assert browser.get("/auth/me").json["allSkills"] is True


def test_who_is_in_no_group_with_skills_sees_none_unless_they_are_an_administrator(
    admin: Admin, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    app = ldap_node(ScopeGroups(skills=SKILLS))
    assert skills_seen(at(admin, app, "sara")) == set()
    adam = at(admin, app, "adam")
    assert skills_seen(adam) == {"Billing", "Support", "Sales"}
    (user,) = admin.world.rows(models.PortalUser, name="adam")
    assert adam.get(f"/users/{user.id}").json["skillIds"] is None


def test_whole_numbers_and_files_are_for_the_members_of_their_groups(
    admin: Admin, slapd: Slapd, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    admin.world.add(models.DoNotCall, phone="+13125557701", note="", added_at=NOW, added_by="user:x")
    app = ldap_node(ScopeGroups(phones=(f"cn=see-phones,{GROUPS}",), export=(f"cn=take-files,{GROUPS}",)))
    slapd.set_members("see-phones", person_dn("sara"))
    browser = at(admin, app, "sara")
    assert skills_seen(browser) == {"Billing", "Support", "Sales"}  # nobody said which
    assert browser.get("/do-not-call").json["items"][0]["phone"] == "+13125557701"
    assert browser.get("/reports/made", format="csv").status_code == 403
    slapd.set_members("see-phones", NOBODY)
    slapd.set_members("take-files", person_dn("sara"))
    admin.now += timedelta(minutes=5)
    assert browser.get("/do-not-call").json["items"][0]["phone"] == "…01"
    assert browser.get("/reports/made", format="csv").status_code == 200
    (row,) = changes(admin, "sara")
    assert row.after == {"sees_phones": False, "may_export": True}


def test_what_the_directory_decides_is_shown_as_such_and_not_changed_here(
    admin: Admin, administrator: Browser, slapd: Slapd, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    slapd.set_members("see-support", person_dn("sara"))
    app = ldap_node(ScopeGroups(skills=SKILLS, phones=(f"cn=see-phones,{GROUPS}",)))
    at(admin, app, "sara")
    chief = admin.as_role("administrator", app)
    (row,) = admin.world.rows(models.PortalUser, name="sara")
    user = chief.get(f"/users/{row.id}").json
    assert user["decidedByDirectory"] == ["name", "displayName", "role", "skillIds", "seesPhones"]
    assert (len(user["skillIds"]), user["seesPhones"], user["mayExport"]) == (1, False, True)
    same = {name: user[name] for name in ("name", "displayName", "role", "skillIds", "seesPhones", "mayExport")}
    wanted: tuple[dict[str, Any], ...] = ({"skillIds": None}, {"skillIds": []}, {"seesPhones": True})
    for change in wanted:
        refused = chief.put(f"/users/{row.id}", {**same, "enabled": True, **change}, row.version)
        assert (refused.status_code, list(refused.json["errors"])) == (422, list(change))
    ours = chief.put(f"/users/{row.id}", {**same, "enabled": False, "mayExport": False}, row.version)
    assert (ours.status_code, ours.json["mayExport"]) == (200, False)
    other_node = administrator.get(f"/users/{row.id}").json  # no groups are set there
    assert other_node["decidedByDirectory"] == ["name", "displayName", "role"]
    assert chief.get(f"/users/{admin.user_ids['viewer']}").json["decidedByDirectory"] == []


def test_a_limit_set_here_stays_where_the_directory_says_nothing_of_it(
    admin: Admin, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    app = ldap_node(ScopeGroups())
    browser = at(admin, app, "sara")
    (row,) = admin.world.rows(models.PortalUser, name="sara")
    body = {"name": "sara", "displayName": "Sara", "role": "viewer", "enabled": True,
            "skillIds": [str(admin.world.skill_id)], "seesPhones": False}  # fmt: skip
    assert admin.as_role("administrator", app).put(f"/users/{row.id}", body, row.version).status_code == 200
    admin.now += timedelta(minutes=5)
    assert skills_seen(browser) == {"Billing"}
    assert browser.get("/auth/me").json["seesPhones"] is False


def test_a_skill_that_does_not_exist_is_told_once_and_counts_when_it_is_made(
    admin: Admin, slapd: Slapd, ldap_node: Callable[[ScopeGroups], Any]
) -> None:
    slapd.set_members("see-billing", person_dn("sara"))
    app = ldap_node(ScopeGroups(skills=((BILLING, frozenset({"Billing", "Gold line"})),)))
    with capture_logs() as lines:
        browser = at(admin, app, "sara")
        at(admin, app, "sara")
    told = [line for line in lines if line["event"] == "directory_group_names_unknown_skill"]
    assert [(line["source"], line["skill"]) for line in told] == [("ldap", "Gold line")]
    assert skills_seen(browser) == {"Billing"}
    admin.world.another_skill("GOLD  Line")
    admin.now += timedelta(minutes=5)
    assert skills_seen(browser) == {"Billing", "GOLD  Line"}


def test_groups_of_a_provider_limit_as_well(admin: Admin, oidc_server: OidcServer, node: Node) -> None:
    admin.now = datetime.now(UTC)  # the provider has the machine's clock
    scope = ScopeGroups(skills=(("billing", frozenset({"Billing"})), ("support", frozenset({"Support"}))),
                        phones=("whole-numbers",), export=("files",))  # fmt: skip
    app = node(DirectorySettings(oidc=oidc.settings_of(oidc_server, scope=scope)))
    oidc_server.set_person("olga", {"groups": [oidc.OPERATOR, "billing", "support", "files"]})
    browser = admin.browser(app)
    assert oidc.refusal(oidc.log_in(browser, oidc_server, "olga")) == "none"
    assert skills_seen(browser) == {"Billing", "Support"}
    me = browser.get("/auth/me").json
    assert (me["seesPhones"], me["mayExport"]) == (False, True)
    oidc_server.set_person("olga", {"groups": [oidc.OPERATOR, "support", "whole-numbers"]})
    admin.now += timedelta(minutes=5)
    assert skills_seen(browser) == {"Support"}
    me = browser.get("/auth/me").json
    assert (me["seesPhones"], me["mayExport"]) == (True, False)
