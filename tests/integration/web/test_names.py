"""Names of skills, campaigns and schedules: all spellings of a name (case, width, spaces) are the same name."""

import threading
from typing import Any
from urllib.parse import quote

import pytest
import requests
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from shared.db.models import Callback, CallbackRequest, DailySchedule, Skill
from tests.servers import sources
from tests.servers.balancer import Balancer
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import Api, code
from tests.support.configured_database import NOW, World
from tests.support.gunicorn_nodes import StartNode

SPELLINGS = ["Billing", "BILLING", " billing\u00a0", "Ｂｉｌｌｉｎｇ", "Bil\u200bling\n"]
WEEK = dict.fromkeys(f"{day}Id" for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
                                             "sunday"))  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_skill_is_found_however_its_name_is_spelt(api: Api, supervisor: Browser, name: str) -> None:
    for found in (api.availability(skill=name), api.get(f"/api/v1/skills/{quote(name)}/availability")):
        assert found.json["skill"] == "Billing", found.text
    booked = api.book(skill=name, campaign="BILLING_callback")
    assert (booked.status_code, booked.json["skill"], booked.json["campaign"]) == (201, "Billing", "Billing_Callback")
    assert api.book(skill=name, phone="x").json["code"] == "invalid_phone"
    declined = {"skill": name, "campaign": "billing_CALLBACK", "outcome": "declined"}
    assert api.post("/api/v1/callback-requests", json=declined).status_code == 204
    api.flush()
    rows = {row.outcome: row.skill for row in api.world.rows(CallbackRequest)}
    assert rows == dict.fromkeys(("asked", "scheduled", "invalid_phone", "declined"), "Billing")
    scheduled = supervisor.get("/reports/scheduled", skill=name, **{"from": "2026-11-23", "to": "2026-11-23"})
    assert [row["skill"] for row in scheduled.json["items"]] == ["Billing"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_another_spelling_of_a_name_that_is_taken_is_refused(world: World, supervisor: Browser, name: str) -> None:
    key = supervisor.post("/skills", {"name": "Sales"}).json["id"]
    for refused in (supervisor.post("/skills", {"name": name}), supervisor.put(f"/skills/{key}", {"name": name}, 1)):
        assert (code(refused), list(refused.json["errors"])) == ((409, "already_exists"), ["name"])
    assert sorted(row.name for row in world.rows(Skill)) == ["Billing", "Sales"]


def test_schedules_and_campaigns_have_one_name_each_too(world: World, supervisor: Browser) -> None:
    for taken in ("ROUND the clock", " Round\u3000the Clock "):
        assert code(supervisor.post("/daily-schedules", {"name": taken, "capacities": [0] * 48}))[0] == 409
    assert code(supervisor.post("/weekly-schedules", {"name": "every DAY", **WEEK}))[0] == 409
    shown = supervisor.get(f"/campaigns/{world.campaign_id}").json
    body = {name: shown[name] for name in ("enabled", "parameters", "dialForm", "dialRegion", "maxAttempts")}
    skill = supervisor.post("/skills", {"name": "Sales"}).json["id"]
    skills = [{"skillId": skill, "dialedNumber": "8800102"}]
    refused = supervisor.post("/campaigns", {"name": " BILLING_callback\u00a0", **body, "skills": skills})
    assert code(refused) == (409, "already_exists")
    assert supervisor.post("/campaigns", {"name": " Sales_Callback", **body, "skills": skills}).status_code == 201


def test_a_name_may_change_its_spelling(api: Api, supervisor: Browser) -> None:
    path = f"/skills/{api.world.skill_id}"
    version = supervisor.get(path).json["version"]
    body = {"name": "BILLING", "ucceSkillGroupId": 5004, "defaultCampaignId": str(api.world.campaign_id)}
    assert supervisor.put(path, body, version).json["name"] == "BILLING"
    assert supervisor.put(path, {**body, "name": "Invoices"}, version + 1).status_code == 200
    assert code(api.book(skill="billing")) == (404, "unknown_skill")
    assert api.book(skill="INVOICES").json["skill"] == "Invoices"
    assert supervisor.post("/skills", {"name": "billing"}).status_code == 201


def test_of_two_who_take_one_name_at_once_one_gets_it(admin: Admin) -> None:
    browsers = [admin.as_role("supervisor") for _ in range(4)]
    names = ["Support", "SUPPORT", "support ", "Ｓｕｐｐｏｒｔ"]
    start, statuses = threading.Barrier(len(names)), []

    def create(browser: Browser, name: str) -> None:
        start.wait()
        statuses.append(browser.post("/skills", {"name": name}).status_code)

    threads = [threading.Thread(target=create, args=pair) for pair in zip(browsers, names, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]


def test_the_database_itself_keeps_one_name_from_two_rows(world: World) -> None:
    with pytest.raises(IntegrityError), world.database.writing() as tx:
        tx.execute(insert(DailySchedule).values(name="ROUND THE CLOCK", capacities=[], version=1, changed_at=NOW))


@pytest.mark.parametrize("name", ["Sales/Support", "/A", "A//B", "A/", "A/availability", "a%2Fb", "A?b=c&d", "..", "+"])
def test_a_slash_in_a_name_is_addressable(api: Api, supervisor: Browser, name: str) -> None:
    assert supervisor.post("/skills", {"name": name}).status_code == 201
    asked: list[Any] = [
        api.get(f"/api/v1/skills/{quote(name, safe='')}/availability?campaign=Billing_Callback"),
        api.availability(skill=name, campaign="Billing_Callback"),
    ]
    assert [code(answer) for answer in asked] == [(409, "campaign_not_available")] * 2
    assert repr(name) in asked[0].json["detail"]
    assert api.world.rows(Callback) == []


def test_a_slash_goes_through_the_balancer_and_the_server(
    start_node: StartNode, current_world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sources.need_local_haproxy()
    current_world.another_skill("Sales/Support")
    node = start_node()
    server = {"CM_BOOKING_1": node.url.removeprefix("http://")}
    with Balancer(tmp_path_factory.mktemp("haproxy"), server, {}) as balancer:
        balancer.wait_up(booking=1)
        for address in ("skills/sales%2Fsupport/availability", "availability?skill=Sales/Support"):
            answer = requests.get(f"{balancer.url}/api/v1/{address}", headers={"X-API-Key": node.key}, timeout=10)
            assert (answer.status_code, answer.json().get("skill")) == (200, "Sales/Support"), answer.text
