"""People who are limited to some skills see nothing of other skills.

Every read of the OpenAPI document is sent before and after another line of business exists; no answer may differ.
"""

from collections.abc import Iterator
from string import Template
from typing import Any

import pytest
from sqlalchemy import select

from services.admin_api.identity.scope import Scoped
from shared.db import models
from shared.web.dependencies import dependencies_of
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World
from tests.support.json_client import JsonResponse
from tests.support.lines_of_business import Line, add_line

pytestmark = pytest.mark.long

API = "/admin/api/v1"
# Ids that nobody has; what a limited person is told of another line must be what they are told of these.
NOBODY = {
    "skill": 999_001, "campaign": 999_002, "daily": 999_003, "weekly": 999_004, "schedule": 999_005,
    "callback": "01KB9900000000000000000000", "skill_name": "Nobody skill", "campaign_name": "Nobody",
    "phone": "+13125559999", "job": 999_006,
}  # fmt: skip
# What stands in a path, by the resource before it.
PATH_IDS = {
    "skills": "skill", "campaigns": "campaign", "daily-schedules": "daily", "weekly-schedules": "weekly",
    "skill-schedules": "schedule", "callbacks": "callback", "settings": "setting",
    "jobs": "job",
}  # fmt: skip
# Parameters of queries that may name something of a line.
QUERY_IDS = {
    "skillId": ["skill"], "campaignId": ["campaign"], "skill": ["skill_name"], "campaign": ["campaign_name"],
    "phone": ["phone"], "accountNumber": ["callback"], "q": ["skill_name", "campaign_name", "callback", "phone"],
    "resourceId": ["skill", "campaign", "callback"],
}  # fmt: skip
WEEK = {f"{day}Id": None for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
CAMPAIGN = {
    "name": "Blue_New", "enabled": True, "parameters": {"timeZone": "UTC"}, "dialForm": "national", "dialRegion": "US",
    "maxAttempts": 1, "retryDelays": {},
}  # fmt: skip
# A valid body of every write that obeys the skills, naming something of a line (`$skill` and so on).
WRITES: list[tuple[str, Any]] = [
    ("updateSkill", {"name": "Blue other", "description": None, "defaultCampaignId": None}),
    ("deleteSkill", None),
    ("createCampaign", {**CAMPAIGN, "skills": [{"skillId": "$skill"}]}),
    ("updateCampaign", {**CAMPAIGN, "skills": [{"skillId": "$skill"}]}),
    ("deleteCampaign", None),
    ("requestCampaignSync", None),
    ("adoptCampaign", {"ucceId": 1, "name": "x"}),
    ("makeCampaignAnew", None),
    ("resumeCampaign", None),
    ("createDailySchedule", {"name": "Blue new", "capacities": []}),  # names nothing of a line: not to be made
    ("updateDailySchedule", {"name": "Blue new", "capacities": [1] * 48}),
    ("deleteDailySchedule", None),
    ("createWeeklySchedule", {"name": "Blue new", "mondayId": "$daily", **WEEK}),
    ("updateWeeklySchedule", {"name": "Blue new", "mondayId": None, **WEEK}),
    ("deleteWeeklySchedule", None),
    ("createSkillSchedule", {"skillId": "$skill", "weeklyScheduleId": "$weekly", "campaignId": "$campaign",
                             "timeZone": "UTC", "startsOn": "2026-12-01"}),
    ("updateSkillSchedule", {"skillId": "$skill", "weeklyScheduleId": "$weekly", "campaignId": "$campaign",
                             "timeZone": "UTC", "startsOn": "2026-12-01"}),
    ("deleteSkillSchedule", None),
    ("cancelCallback", {"reason": "x"}),
    ("rescheduleCallback", {"start": "2026-11-24T09:10"}),
    ("dispatchCallbackNow", None),
    ("previewBulkCancel", {"skillId": "$skill"}),
    ("previewBulkCancel", {"campaignId": "$campaign"}),
    ("previewBulkCancel", {"accountNumber": "$callback"}),
    ("previewBulkCancel", {"phone": "$phone"}),
    ("bulkCancelCallbacks", {"skillId": "$skill", "count": 0}),
    ("bulkCancelCallbacks", {"phone": "$phone", "count": 0}),
    ("cancelJob", None),
    ("retryJob", None),
    ("undoBulkCancel", None),
    ("setBrakes", {"skillId": "$skill", "acceptBookings": True}),
    ("setBrakes", {"campaignId": "$campaign", "handOver": True}),
]  # fmt: skip


@pytest.fixture
def blue(admin: Admin) -> Line:
    """The line of business that the limited people see, with a user of each role limited to it."""
    line = add_line(admin.world, "Blue", 11)
    for role in ("viewer", "supervisor"):
        limited_user(admin, f"blue-{role}", role, [line.skill])
    return line


class Limited(Browser):
    """A limited person's browser, logged in."""

    def __init__(self, admin: Admin, name: str) -> None:
        one = admin.browser()
        super().__init__(admin, one.client)
        self.name = name
        assert self.log_in(name).json["allSkills"] is False


def limited_user(admin: Admin, name: str, role: str, skills: list[int], **rights: bool) -> None:
    user = admin.add_user(name, role, all_skills=False, **rights)
    for skill in skills:
        admin.world.add(models.PortalUserSkill, user_id=user, skill_id=skill)


def operations(admin: Admin, scope: Scoped | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of the served document; of one way to obey the skills only."""
    for path, item in admin.contract.document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "delete") and scope in (None, operation.get("x-scope")):
                yield method.upper(), path.removeprefix(API), operation


def address(path: str, ids: dict[str, Any]) -> str:
    """A path with an id of `ids`."""
    if "{" not in path:
        return path
    kind = PATH_IDS.get(path.split("/")[1])
    assert kind, f"say in PATH_IDS what stands in {path}"
    identity = "accept_bookings" if kind == "setting" else ids[kind]
    return f"{path[: path.index('{')]}{identity}{path[path.index('}') + 1 :]}"


def questions(admin: Admin) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every read as (operation, path, query); queries hold `$skill` and so on."""
    for method, path, operation in operations(admin):
        if method != "GET" or operation.get("x-scope") in (None, Scoped.WHOLE):
            continue
        parameters = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        required = {name: f"${QUERY_IDS[name][0]}" for name, one in parameters.items() if one.get("required")}
        queries = [required]
        for name in QUERY_IDS.keys() & parameters.keys():
            queries += [{**required, name: f"${kind}"} for kind in QUERY_IDS[name]]
        if "format" in parameters:
            queries.append({"format": "csv"})
        for query in queries:
            yield operation["operationId"], path, query


def filled(value: Any, ids: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: filled(one, ids) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, ids) for one in value]
    return Template(value).substitute(ids) if isinstance(value, str) else value


def told(response: JsonResponse) -> Any:
    """The content of an answer without its request id and the id of a job that it started."""
    if not response.is_json:
        return response.status_code, response.text
    body = response.json
    if isinstance(body, dict):
        body.pop("requestId", None)
        body.pop("id" if response.status_code == 202 else "requestId", None)
    return response.status_code, body


def everything_told(admin: Admin, browser: Limited, ids: dict[str, Any]) -> dict[Any, Any]:
    """The answers to all reads."""
    answers = {}
    for name, path, query in questions(admin):
        response = browser.get(address(path, ids), **filled(query, ids))
        status, body = told(response)
        if name == "listAuditLog" and status == 200:  # without what these very questions leave there: exports
            body = [item for item in body["items"] if item["who"] != f"user:{browser.name}"]
        answers[name, path, *sorted(query.items())] = status, body
    return answers


def add_crimson(admin: Admin) -> dict[str, Any]:
    """Add another line of business, with rows of everything that people and the master do to it; returns its ids."""
    line = add_line(admin.world, "Crimson", 77)
    supervisor, operator = admin.as_role("supervisor"), admin.as_role("operator")
    for path in (f"/skills/{line.skill}", f"/campaigns/{line.campaign}"):
        read = supervisor.get(path).json
        body = {"name": read["name"], "description": "Crimson changed"}
        body |= ({"defaultCampaignId": read["defaultCampaignId"]} if "defaultCampaignId" in read else
                 {**CAMPAIGN, **body, "skills": [{"skillId": str(line.skill)}]})  # fmt: skip
        assert supervisor.put(path, body, read["version"]).status_code == 200
    for body in (
        {"skillId": str(line.skill), "acceptBookings": False},
        {"campaignId": str(line.night_campaign), "handOver": False},
    ):
        assert operator.post("/live/brakes", body).status_code == 200
    assert operator.post(f"/callbacks/{line.account_numbers['scheduled']}/dispatch-now").status_code == 200
    assert supervisor.get("/reports/realtime", format="csv").status_code == 200
    job = operator.job(operator.post("/callbacks/bulk-cancel", {"skillId": str(line.skill), "count": 1}))
    assert job["counts"] == {"cancelled": 1, "notCancelled": 0}
    status = {
        "epoch": 3,
        "since": NOW.isoformat(),
        "problem": "Crimson stands still",
        "lastCycle": {"at": NOW.isoformat(), "sentence": "handed over 7 contacts to Crimson"},
        "ucce": {"reachable": True, "lastError": {"message": "Crimson is unknown", "at": NOW.isoformat()}},
    }
    admin.world.configure(models.WorkerNode, {"status": status}, node="node-1")
    dependencies_of(admin.app).config_cache.reload()
    return {**line.ids, "job": job["id"]}


@pytest.fixture
def master(world: World) -> None:
    """A master that is alive and reports problems."""
    status = {
        "epoch": 3,
        "since": NOW.isoformat(),
        "problem": "a problem",
        "lastCycle": {"at": NOW.isoformat(), "sentence": "handed over 1 contact"},
        "ucce": {"reachable": True, "lastError": {"message": "an error", "at": NOW.isoformat()}},
    }
    world.configure(models.Mastership, {"epoch": 3, "node": "node-1", "since": NOW})
    world.add(models.WorkerNode, node="node-1", version="1", role="master", seen_at=NOW, status=status)


@pytest.mark.parametrize("role", ["viewer", "supervisor"])
@pytest.mark.usefixtures("master")
def test_no_answer_to_a_limited_person_changes_with_another_line_of_business(
    admin: Admin, blue: Line, role: str
) -> None:
    """All reads, with ids of the own line, of the other one and of none, are equal before and after."""
    browser = Limited(admin, f"blue-{role}")
    cancelled = f"/callbacks/{blue.account_numbers['scheduled']}/cancel"
    assert admin.as_role("operator").post(cancelled, {"reason": "Blue"}).status_code == 200
    own = {**blue.ids, "job": 999_007}
    if role == "supervisor":
        own["job"] = browser.job(browser.post("/callbacks/bulk-cancel", {"skillId": str(blue.skill), "count": 0}))["id"]
    before, of_nobody = (everything_told(admin, browser, ids) for ids in (own, NOBODY))
    audited = len(admin.world.rows(models.AuditLog))
    crimson = add_crimson(admin)
    assert len(admin.world.rows(models.AuditLog)) > audited
    after, of_crimson = (everything_told(admin, browser, ids) for ids in (own, crimson))
    assert len(before) > 60
    for question, answer in before.items():
        assert after[question] == answer, question
        assert of_crimson[question] == of_nobody[question], question
    assert [name for name, answer in after.items() if "Crimson" in str(answer) or "Billing" in str(answer)] == []
    shown = {question[0] for question, answer in after.items() if "Blue" in str(answer)}
    assert {"searchCallbacks", "getCallback", "listSkills", "getCampaign", "getLive", "getMadeReport"} <= shown
    status, audited_acts = after["listAuditLog", "/audit-log"]
    assert (status, len(audited_acts)) == (200, 1) if role == "supervisor" else status == 403


@pytest.mark.usefixtures("master")
def test_a_limited_person_changes_nothing_of_another_line_of_business(admin: Admin, blue: Line) -> None:
    crimson = add_crimson(admin)
    browser = Limited(admin, "blue-supervisor")
    routes = {one["operationId"]: (method, path) for method, path, one in operations(admin, Scoped.SKILLS)}
    writes = {name for name, (method, _) in routes.items() if method != "GET"}
    assert writes == {name for name, _ in WRITES}, "say in WRITES what a write of your operation looks like"
    stored = everything_stored(admin)
    for name, body in WRITES:
        method, path = routes[name]
        answers = [
            told(browser.request(method, address(path, ids), filled(body, ids), version=1)) for ids in (NOBODY, crimson)
        ]
        assert answers[0] == answers[1], name
    assert everything_stored(admin) == stored


def test_what_concerns_all_skills_is_closed_to_limited_people(admin: Admin, blue: Line) -> None:
    browser = Limited(admin, "blue-supervisor")
    closed = list(operations(admin, Scoped.WHOLE))
    assert {"createSkill", "updateSetting", "listUsers"} <= {operation["operationId"] for *_, operation in closed}
    for method, path, _ in closed:
        address = path.replace("{id}", "1").replace("{name}", "accept_bookings")
        body: Any = {} if method in ("POST", "PUT") else None
        response = browser.request(method, address, body, version=1)
        assert (response.status_code, response.json["code"]) == (403, "forbidden"), f"{method} {path}"


def everything_stored(admin: Admin) -> dict[str, Any]:
    """All tables but those that every request may write, and the jobs, which people limited to some skills begin."""
    spared = {"audit_log", "audit_seal", "portal_session", "config_version", "job", "job_line", "job_part"}
    with admin.world.database.reading() as connection:
        return {
            table.name: connection.execute(select(table)).all()
            for table in models.Base.metadata.sorted_tables
            if table.name not in spared
        }


def test_nobody_sees_more_after_their_last_skill_was_deleted(admin: Admin, blue: Line, supervisor: Browser) -> None:
    skill = supervisor.post("/skills", {"name": "Empty"}).json
    limited_user(admin, "alone", "viewer", [int(skill["id"])])
    assert supervisor.delete(f"/skills/{skill['id']}", skill["version"]).status_code == 204
    browser = Limited(admin, "alone")
    for path in ("/skills", "/campaigns", "/callbacks", "/skill-schedules"):
        assert browser.get(path).json["total"] == 0
    assert browser.get("/live").json["open"] == {"scheduled": 0, "importing": 0, "imported": 0}


def test_a_campaign_of_two_lines_shows_each_its_own_and_is_changed_by_who_sees_both(
    admin: Admin, blue: Line, administrator: Browser
) -> None:
    crimson = add_line(admin.world, "Crimson", 77)
    admin.world.add(models.CampaignSkill, campaign_id=blue.campaign, skill_id=crimson.skill, dialed_number="1",
                    overflow_agents=0, records_to_cache=1)  # fmt: skip
    admin.world.configure(models.Campaign, {"observed": {"a": 1}, "drift": {"a": {"desired": 2, "observed": 1}}},
                          id=blue.campaign)  # fmt: skip
    browser = Limited(admin, "blue-supervisor")
    path = f"/campaigns/{blue.campaign}"
    read = browser.get(path)
    assert [skill["skill"] for skill in read.json["skills"]] == ["Blue skill"]
    assert (browser.get(f"{path}/sync").json["observed"], browser.get(f"{path}/sync").json["drift"]) == (None, [])
    body = {**CAMPAIGN, "name": "Blue", "skills": [{"skillId": str(blue.skill)}]}
    for response in (browser.put(path, body, 1), browser.delete(path, 1), browser.post(f"{path}/sync"),
                     browser.post("/live/brakes", {"campaignId": str(blue.campaign), "handOver": False}),
                     browser.post("/live/brakes", {"handOver": False}),
                     browser.post("/live/brakes", {"acceptBookings": False})):  # fmt: skip
        assert (response.status_code, response.json["code"]) == (403, "forbidden")
    both = {"name": "blue-supervisor", "displayName": "Both", "role": "supervisor", "enabled": True,
            "skillIds": [str(blue.skill), str(crimson.skill)]}  # fmt: skip
    (user,) = admin.world.rows(models.PortalUser, name="blue-supervisor")
    assert administrator.put(f"/users/{user.id}", both, 1).status_code == 200
    assert len(browser.get(path).json["skills"]) == 2  # from the next request on, without another login
    assert browser.post(f"{path}/sync").status_code == 202


def test_a_schedule_that_another_line_follows_too_is_not_changed(admin: Admin, blue: Line) -> None:
    crimson = add_line(admin.world, "Crimson", 77)
    admin.world.configure(models.SkillSchedule, {"weekly_schedule_id": blue.weekly}, id=crimson.schedule)
    browser = Limited(admin, "blue-supervisor")
    week = {"name": "Blue week", "mondayId": None, **WEEK}
    day = {"name": "Blue day", "capacities": [1] * 48}
    for path, body in ((f"/weekly-schedules/{blue.weekly}", week), (f"/daily-schedules/{blue.daily}", day)):
        assert browser.get(path).status_code == 200
        assert browser.put(path, body, 1).json["code"] == "forbidden"
        assert browser.delete(path, 1).json["code"] == "forbidden"
    made = browser.post("/daily-schedules", day | {"name": "Of nobody yet"})
    assert browser.put(f"/daily-schedules/{made.json['id']}", day | {"name": "Still"}, 1).status_code == 200


def test_the_audit_log_shows_limited_people_the_acts_about_their_skills_alone(admin: Admin, blue: Line) -> None:
    crimson = add_line(admin.world, "Crimson", 77)
    operator = admin.as_role("operator")
    for line in (blue, crimson):
        brake = {"skillId": str(line.skill), "acceptBookings": True}
        assert operator.post("/live/brakes", brake).status_code == 200
    both = {"from": "2026-11-01", "to": "2026-12-31", "count": 2}
    assert operator.job(operator.post("/callbacks/bulk-cancel", both))["counts"]["cancelled"] == 2
    browser = Limited(admin, "blue-supervisor")
    seen = browser.get("/audit-log").json
    assert seen["total"] == len(seen["items"]) == 2
    assert [item["action"] for item in seen["items"]] == ["bulk_cancel", "brake"]
    assert seen["items"][0]["after"]["accountNumbers"] == [blue.account_numbers["scheduled"]]
    cancelled = admin.as_role("supervisor").get("/audit-log", action="bulk_cancel").json["items"]
    assert {tuple(row["after"]["accountNumbers"]) for row in cancelled} == {
        (blue.account_numbers["scheduled"],), (crimson.account_numbers["scheduled"],),
    }  # fmt: skip


def test_who_manages_users_limits_them_and_it_is_audited(admin: Admin, blue: Line, administrator: Browser) -> None:
    made = administrator.post("/users", {"name": "ann", "displayName": "Ann", "role": "viewer", "enabled": True,
                              "password": "correct horse battery", "skillIds": [str(blue.skill)],
                              "seesPhones": False, "mayExport": False})  # fmt: skip
    assert (made.status_code, made.json["skillIds"], made.json["seesPhones"]) == (201, [str(blue.skill)], False)
    path = f"/users/{made.json['id']}"
    plain = {"name": "ann", "displayName": "Ann B.", "role": "viewer", "enabled": True}
    kept = administrator.put(path, plain, 1).json  # what a request leaves out stays
    assert (kept["skillIds"], kept["seesPhones"], kept["mayExport"]) == ([str(blue.skill)], False, False)
    assert administrator.put(path, {**plain, "role": "administrator"}, 2).json["errors"] == {
        "skillIds": ["An administrator sees all skills."]
    }
    assert administrator.put(path, {**plain, "skillIds": ["999"]}, 2).json["errors"] == {
        "skillIds.0": ["There is no such skill."]
    }
    freed = administrator.put(path, {**plain, "skillIds": None, "seesPhones": True, "mayExport": True}, 2).json
    assert (freed["skillIds"], freed["seesPhones"], freed["mayExport"]) == (None, True, True)
    *_, last = admin.world.rows(models.AuditLog, resource="users", action="update")
    assert last.before == {"skills": ["Blue skill"], "sees_phones": False, "may_export": False}
    assert last.after == {"skills": None, "sees_phones": True, "may_export": True}
    for user in admin.world.rows(models.PortalUser, name="viewer"):  # who was there before keeps everything
        assert (user.all_skills, user.sees_phones, user.may_export) == (True, True, True)
