"""In both APIs invisible characters are removed, empty optional fields count as absent, numbers are plain digits."""

from typing import Any

import pytest

from shared.db.models import Callback, Campaign, DoNotCall
from tests.support.admin_api import Browser
from tests.support.booking_api import START, Api, code
from tests.support.configured_database import World

PASTED_PHONE = "\u202a+1\u00a0(312)\u3000555-0142\u202c\u200b"
ALI_REZA = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"


@pytest.mark.parametrize(
    ("first_name", "shown"),
    [("A\u200cd\u200da\u00a0", "Ada"), ("\u2067\u200fAda\u2069\u3000B.\n", "Ada B."), ("\x1bA\x00da", "Ada"),
     (ALI_REZA, ALI_REZA), ("", None), (" \u200b", None), ("x" * 49 + " y", "x" * 49), ("é" * 60, "é" * 50),
     ("x" * 49 + "\U0001f600", "x" * 49)],
)  # fmt: skip
def test_names_of_people_are_cleaned(api: Api, first_name: str, shown: str | None) -> None:
    booked = api.book(firstName=first_name, lastName=first_name)

    assert booked.status_code == 201, booked.text
    (row,) = api.world.rows(Callback)
    assert (booked.json["firstName"], booked.json["lastName"], row.first_name, row.last_name) == (shown,) * 4


def test_a_pasted_number_and_a_pasted_name_are_what_they_show(api: Api, operator: Browser) -> None:
    account_number = api.booked(phone=PASTED_PHONE, skill="\u200eBilling\u3000", campaign="Billing_Callback\u00a0")

    listed = api.get("/api/v1/callbacks", query_string={"phone": PASTED_PHONE}).json
    assert [one["accountNumber"] for one in listed["callbacks"]] == [account_number]
    for query in ({"phone": PASTED_PHONE}, {"phone": " 312 555 0142"},
                  {"q": f"\u200e{PASTED_PHONE} "}, {"q": f"\u2066{account_number}\u2069"},
                  {"accountNumber": f"\u00a0{account_number}\u200b"}):  # fmt: skip
        assert operator.get("/callbacks", **query).json["total"] == 1, query
    assert operator.post("/callbacks/bulk-cancel/preview", {"phone": PASTED_PHONE}).json["count"] == 1
    assert api.availability(skill="Billing\u200b").json["skill"] == "Billing"


def test_a_list_of_numbers_is_cleaned_however_it_comes_in(world: World, operator: Browser) -> None:
    made = operator.post("/do-not-call", {"phone": PASTED_PHONE, "note": "\u200easked\u00a0us\n"})
    assert (made.json["phone"], made.json["note"]) == ("+13125550142", "asked us")
    file = "\ufeff\u200ephone,note\u00a0\n\u202a(312)\u00a0555-0143\u202c,by\u3000mail\u200b\n"
    told = operator.job(operator.request("POST", "/do-not-call/import", data=file.encode(), content_type="text/csv"))
    assert (told["counts"]["added"], told["lines"]) == (1, [])
    assert {row.phone: row.note for row in world.rows(DoNotCall)} == {
        "+13125550142": "asked us", "+13125550143": "by mail",
    }  # fmt: skip
    assert operator.get("/do-not-call", q="by\u00a0mail").json["total"] == 1
    assert operator.post("/do-not-call/removals", {"phones": [PASTED_PHONE]}).json["removed"] == 1


def test_names_and_descriptions_of_the_portal_are_cleaned(world: World, administrator: Browser) -> None:
    skill = {"name": "\u200eTech\u00a0Support ", "description": "\u202aline one\u202c\r\n line\u3000two\x00"}
    made = administrator.post("/skills", skill).json
    assert (made["name"], made["description"]) == ("Tech Support", "line one\nline two")
    user = {"name": "anna", "displayName": "An\u200bna\u00a0B.", "role": "viewer", "enabled": True,
            "password": "correct horse battery"}  # fmt: skip
    assert administrator.post("/users", user).json["displayName"] == "Anna B."
    assert administrator.get("/skills", q="\u200etech\u3000support").json["total"] == 1


def test_an_empty_optional_field_of_a_body_is_absent(api: Api, supervisor: Browser, operator: Browser) -> None:
    empty: dict[str, Any] = dict.fromkeys(
        ("campaign", "callId", "callData", "firstName", "lastName", "agentId", "requestId"), ""
    )
    booked = api.book(**empty)
    assert booked.status_code == 201, booked.text
    assert {booked.json[name] for name in ("firstName", "lastName", "agentId")} == {None}
    offer = {"skill": "Billing", "campaign": "", "callId": "", "outcome": "declined"}
    assert api.post("/api/v1/callback-requests", json=offer).status_code == 204

    skill = {"name": "Sales", "description": "", "uccESkillGroupId": "", "defaultCampaignId": ""}
    assert supervisor.post("/skills", skill).json["code"] == "validation_error"  # an unknown field stays unknown
    skill["ucceSkillGroupId"] = skill.pop("uccESkillGroupId")
    made = supervisor.post("/skills", skill).json
    assert (made["description"], made["ucceSkillGroupId"], made["defaultCampaignId"]) == (None, None, None)
    assert operator.post("/callbacks/bulk-cancel/preview", {"phone": "", "skillId": "", "from": ""}).status_code == 422
    assert operator.post(f"/callbacks/{booked.json['accountNumber']}/cancel", {"reason": ""}).status_code == 200


def test_an_empty_required_field_is_still_named(api: Api, supervisor: Browser) -> None:
    refused = api.post("/api/v1/callbacks", json={"phone": "", "start": "", "skill": "\u200b"})
    assert sorted(refused.json["errors"]) == ["phone", "skill", "start"]
    for name in ("", " ", "\u200b\u00a0"):
        assert list(supervisor.post("/skills", {"name": name}).json["errors"]) == ["name"]


def test_an_empty_parameter_is_absent(api: Api, supervisor: Browser) -> None:
    empty = {"days": "", "date": "", "campaign": "", "callId": "", "detail": ""}
    assert api.availability(**empty).json == api.availability().json
    assert api.get("/api/v1/callbacks", query_string={"phone": "3125550142", "status": ""}).json["total"] == 0
    empty = {"page": "", "pageSize": "", "q": "", "sort": "", "status": "", "phone": "", "skillId": "", "from": ""}
    assert supervisor.get("/callbacks", **empty).json == supervisor.get("/callbacks").json
    assert supervisor.get("/audit-log", who="", resource="", to="").status_code == 200
    assert supervisor.get("/reports/made", skill="", format="").status_code == 200


def test_a_campaign_may_have_no_prefix_for_calls_abroad(world: World, supervisor: Browser) -> None:
    shown = supervisor.get(f"/campaigns/{world.campaign_id}")
    body = {name: shown.json[name] for name in ("name", "enabled", "parameters", "dialForm", "dialRegion",
            "maxAttempts", "retryDelays")}  # fmt: skip
    skills = [{"skillId": str(world.skill_id), "dialedNumber": "8800101"}]
    changed = {**body, "skills": skills, "dialInternationalPrefix": "", "description": "", "maxHandOversPerCycle": ""}
    assert supervisor.put(f"/campaigns/{world.campaign_id}", changed, shown.json["version"]).status_code == 200
    (row,) = world.rows(Campaign)
    assert (row.dial_international_prefix, row.description, row.max_hand_overs_per_cycle) == ("", None, None)


@pytest.mark.parametrize("number", ["1_0", "１", "٣", " 3", "3 ", "+3", "3.0", "0x3"])
def test_a_number_of_a_query_is_written_in_plain_digits(api: Api, supervisor: Browser, number: str) -> None:
    assert list(api.availability(days=number).json["errors"]) == ["days"]
    for path, name in (("/skills", "page"), ("/skills", "pageSize"), ("/skill-schedules/preview", "days")):
        assert name in supervisor.get(path, **{"skillId": "1", name: number}).json["errors"]


@pytest.mark.parametrize("offset", ["+05:60", "-06:99", "+24:00", "+0560", "+5"])
def test_an_offset_that_no_clock_has_is_refused(api: Api, supervisor: Browser, offset: str) -> None:
    account_number = api.booked()
    at = f"2026-11-24T09:10:00{offset}"

    assert code(api.book(start=at)) == (422, "invalid_start")
    moved = api.post(f"/api/v1/callbacks/{account_number}/reschedule", json={"start": at})
    assert code(moved) == (422, "invalid_start")
    assert list(supervisor.get("/callbacks", **{"from": at}).json["errors"]) == ["from"]
    assert list(supervisor.get("/audit-log", to=at).json["errors"]) == ["to"]


def test_dates_are_written_in_plain_digits(api: Api, supervisor: Browser) -> None:
    wrong: Any
    for wrong in ("２０２６-11-23", "2026-11-2３", "2026-11-3１"):
        assert "date" in next(iter(api.availability(date=wrong).json["errors"]))
        assert list(supervisor.get("/callbacks", **{"from": wrong}).json["errors"]) == ["from"]
    assert code(api.book(start=START.replace("2026", "２０２６"))) == (422, "invalid_start")
