"""Callbacks: search, detail, cancel, reschedule, hand over now, cancel many."""

import csv
import gzip
import io
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.reschedule import reschedule
from shared.db.models import AuditLog, Callback, CallbackRequest, Campaign, Pool, Skill, SkillSchedule, Slot
from shared.web.dependencies import dependencies_of
from tests.support.admin_api import Admin, Browser
from tests.support.configured_database import NOW, World, phone
from tests.support.statements import meanwhile
from tests.support.until import until


def booked(world: World, start: str = "2026-11-24T09:10", **fields: Any) -> str:
    callback = book(
        world.database, world.config_cache, world.request(start=start, **fields), world.caller, NOW
    ).callback
    return callback.account_number


def found(browser: Browser, **query: Any) -> list[str]:
    page = browser.get("/callbacks", **query)
    assert page.status_code == 200, page.text
    return [item["accountNumber"] for item in page.json["items"]]


def test_a_search_shows_callbacks_in_their_pools_zone_the_latest_first(world: World, viewer: Browser) -> None:
    early, late = booked(world), booked(world, "2026-11-25T10:45")
    assert found(viewer) == [late, early]
    assert found(viewer, sort="start") == [early, late]
    (item,) = viewer.get("/callbacks", accountNumber=late).json["items"]
    assert (item["start"], item["slotStart"], item["slotEnd"], item["timeZone"]) == (
        "2026-11-25T10:45:00-06:00", "2026-11-25T10:30:00-06:00", "2026-11-25T11:00:00-06:00", "America/Chicago",
    )  # fmt: skip
    assert (item["skill"], item["campaign"], item["status"]) == ("Billing", "Billing_Callback", "scheduled")
    assert "callData" not in item


def test_a_callback_is_found_by_number_account_number_and_either_in_q(world: World, viewer: Browser) -> None:
    number = phone()
    wanted, _other = booked(world, phone=number), booked(world, "2026-11-24T10:10")
    local = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    for query in ({"phone": number}, {"phone": local}, {"accountNumber": wanted}, {"q": local}, {"q": f"{wanted}-01"}):
        assert found(viewer, **query) == [wanted]
    assert found(viewer, q="nothing like it") == []
    assert viewer.get("/callbacks", phone="12").json["code"] == "invalid_phone"


def test_a_callback_is_found_by_state_skill_campaign_and_time(world: World, viewer: Browser) -> None:
    cancelled, kept = booked(world), booked(world, "2026-11-25T09:10")
    cancel(world.database, cancelled, now=NOW, who="client:ivr")
    assert found(viewer, status="cancelled") == [cancelled]
    assert found(viewer, status=["cancelled", "scheduled"]) == [kept, cancelled]
    assert found(viewer, skillId=str(world.skill_id), status="scheduled") == [kept]
    assert found(viewer, campaignId="999") == []
    assert found(viewer, **{"from": "2026-11-25", "to": "2026-11-25"}) == [kept]
    assert found(viewer, to="2026-11-25T09:10:00-06:00") == [cancelled]


def test_pages_follow_each_other_without_gaps_across_states(world: World, viewer: Browser) -> None:
    numbers = [booked(world, f"2026-11-{24 + day}T{9 + hour:02}:10") for day in range(3) for hour in range(3)]
    for number in numbers[::2]:
        cancel(world.database, number, now=NOW, who="client:ivr")
    pages = [found(viewer, page=page, pageSize=4, sort="start") for page in (1, 2, 3)]
    assert [number for page in pages for number in page] == numbers
    assert viewer.get("/callbacks", pageSize=4).json["total"] == 9


def test_a_search_goes_only_so_deep(viewer: Browser) -> None:
    assert "page" in viewer.get("/callbacks", page=10_000).json["errors"]


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday, noon", "2026-11-23T99:00"])
def test_a_malformed_time_is_refused(viewer: Browser, text: str) -> None:
    assert viewer.get("/callbacks", **{"from": text}).status_code == 422


def test_the_detail_has_call_data_timeline_and_attempts(world: World, operator: Browser) -> None:
    number = booked(world, call_data={"customerId": "A-77"}, call_id="call-1")
    operator.post(f"/callbacks/{number}/reschedule", {"start": "2026-11-25T10:00"})
    detail = operator.get(f"/callbacks/{number}").json
    assert (detail["callData"], detail["callId"], detail["apiClient"]) == ({"customerId": "A-77"}, "call-1", "ivr")
    assert [(event["fromStatus"], event["toStatus"], event["who"]) for event in detail["timeline"]] == [
        (None, "scheduled", "client:ivr"), ("scheduled", "scheduled", "user:operator"),
    ]  # fmt: skip
    assert detail["attemptList"] == []
    assert detail["start"] == "2026-11-25T10:00:00-06:00"


def test_the_detail_has_the_proof_of_consent_as_one_record(world: World, operator: Browser) -> None:
    number = booked(world, call_id="call-1", phone="+13125550142")
    (request,) = world.rows(CallbackRequest, account_number=number)
    consent = operator.get(f"/callbacks/{number}").json["consent"]
    assert consent == {
        "phone": "+13125550142", "givenAt": NOW.astimezone(ZoneInfo("America/Chicago")).isoformat(),
        "how": "booked_by_caller", "channel": "ivr", "apiClient": "ivr", "bookedBy": "ivr", "callId": "call-1",
        "requestRecord": str(request.id), "requestKey": None, "accountNumber": number, "skill": "Billing",
        "withdrawnAt": None,
    }  # fmt: skip
    operator.post(f"/callbacks/{number}/cancel", {})
    withdrawn = operator.get(f"/callbacks/{number}").json["consent"]["withdrawnAt"]
    assert withdrawn == consent["givenAt"]  # the clock stands


def test_an_agents_booking_is_told_from_a_callers(world: World, operator: Browser) -> None:
    caller = ApiCaller.of_agent("1042", None)
    request = world.request(start="2026-11-24T09:10", agent_id="1042")
    number = book(world.database, world.config_cache, request, caller, NOW, "key-1").callback.account_number
    consent = operator.get(f"/callbacks/{number}").json["consent"]
    assert (consent["how"], consent["channel"], consent["requestKey"]) == ("booked_by_agent", "gadget", "key-1")
    assert (consent["bookedBy"], consent["apiClient"]) == ("agent:1042", None)


def test_a_personal_callback_shows_its_end_and_the_one_that_follows(world: World, operator: Browser) -> None:
    first, then = booked(world), booked(world, "2026-11-25T09:10")
    plain = operator.get(f"/callbacks/{first}").json
    assert (plain["agentOutcome"], plain["followUpOf"], plain["followUp"]) == (None, None, None)
    world.configure(Callback, {"agent_outcome": "agent_unavailable"}, account_number=first)
    world.configure(Callback, {"follow_up_of": first}, account_number=then)

    shown = operator.get(f"/callbacks/{first}").json
    assert (shown["agentOutcome"], shown["followUpOf"], shown["followUp"]) == ("agent_unavailable", None, then)
    assert operator.get(f"/callbacks/{then}").json["followUpOf"] == first
    world.configure(Callback, {"follow_up_of": "01JZ8Q4T7M2V9K3C5D6E8F0G1H"}, account_number=then)  # kept no longer
    assert operator.get(f"/callbacks/{then}").json["followUpOf"] is None


def test_an_unknown_account_number_is_404(viewer: Browser) -> None:
    for number in ("01JZ8Q4T7M2V9K3C5D6E8F0G1H", "rubbish"):
        refused = viewer.get(f"/callbacks/{number}")
        assert (refused.status_code, refused.json["code"]) == (404, "unknown_callback")


def test_an_operator_cancels_with_a_reason_and_the_place_is_free(world: World, operator: Browser) -> None:
    number = booked(world)
    done = operator.post(f"/callbacks/{number}/cancel", {"reason": "called again"})
    assert (done.json["status"], done.json["reason"]) == ("cancelled", "called again")
    assert world.rows(Slot)[0].booked == 0
    assert operator.post(f"/callbacks/{number}/cancel", {}).status_code == 200  # again: nothing happens
    assert len(world.rows(AuditLog, action="cancel")) == 1


def test_what_left_scheduled_is_neither_cancelled_nor_moved_nor_handed_over(world: World, operator: Browser) -> None:
    number = booked(world)
    world.configure(Callback, {"status": "imported"}, account_number=number)
    for act, body, code in (
        ("cancel", {}, "not_cancellable"),
        ("reschedule", {"start": "2026-11-25T10:00"}, "not_reschedulable"),
        ("dispatch-now", None, "not_dispatchable"),
    ):
        refused = operator.post(f"/callbacks/{number}/{act}", body)
        assert (refused.status_code, refused.json["code"]) == (409, code)


def test_a_reschedule_into_a_full_slot_offers_the_nearest_free_ones(world: World, operator: Browser) -> None:
    for _ in range(3):
        booked(world, "2026-11-25T10:10")
    refused = operator.post(f"/callbacks/{booked(world)}/reschedule", {"start": "2026-11-25T10:00"})
    assert (refused.status_code, refused.json["code"], len(refused.json["alternatives"])) == (409, "slot_full", 3)


def test_handing_over_now_makes_it_due_and_keeps_its_place(admin: Admin, world: World, operator: Browser) -> None:
    number = booked(world)
    done = operator.post(f"/callbacks/{number}/dispatch-now")
    assert (done.status_code, done.json["dueAt"]) == (200, "2026-11-23T08:00:00-06:00")
    assert world.rows(Slot)[0].booked == 1
    assert world.rows(AuditLog, action="dispatch_now")[0].resource_id == number


def test_every_act_on_a_callback_is_audited_in_its_transaction(world: World, operator: Browser) -> None:
    number = booked(world)
    operator.post(f"/callbacks/{number}/reschedule", {"start": "1999-01-01T10:00"})
    assert world.rows(AuditLog, action="reschedule") == []
    operator.post(f"/callbacks/{number}/reschedule", {"start": "2026-11-25T10:00"})
    (row,) = world.rows(AuditLog, action="reschedule")
    assert (row.who, row.action, row.resource_id) == ("user:operator", "reschedule", number)


def bulk(browser: Browser, **body: Any) -> Any:
    return browser.post("/callbacks/bulk-cancel", body)


def result_of(browser: Browser, job: Any) -> list[dict[str, str]]:
    """The rows of a job's result."""
    file = browser.get(f"/jobs/{job['id']}/result")
    assert (file.status_code, file.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))


def test_a_bulk_cancel_takes_the_count_that_the_preview_told_and_keeps_its_result(
    world: World, operator: Browser
) -> None:
    numbers = {booked(world) for _ in range(3)} | {booked(world, "2026-11-24T10:10")}
    kept = booked(world, "2026-11-25T10:10")
    day = {"from": "2026-11-24", "to": "2026-11-24"}
    preview = operator.post("/callbacks/bulk-cancel/preview", day).json
    assert (preview["count"], preview["limit"]) == (4, 10_000)
    job = operator.job(bulk(operator, **day, count=4, reason="the centre is closed"))
    assert (job["status"], job["counts"]) == ("done", {"cancelled": 4, "notCancelled": 0})
    rows = result_of(operator, job)
    assert {row["accountNumber"] for row in rows} == numbers
    assert {row["result"] for row in rows} == {"cancelled"}
    assert all(row["phone"].startswith("'+1312") for row in rows)
    assert world.drift() == []
    assert [row.booked for row in world.rows(Slot)] == [0, 0, 1]
    assert [row.account_number for row in world.rows(Callback, status="scheduled")] == [kept]
    (audited,) = world.rows(AuditLog, action="bulk_cancel")
    assert set(audited.after["accountNumbers"]) == numbers


def test_another_count_than_there_is_cancels_nothing(world: World, operator: Browser) -> None:
    booked(world)
    refused = bulk(operator, skillId=str(world.skill_id), count=2)
    assert (refused.status_code, refused.json["code"], refused.json["count"]) == (409, "count_changed", 1)
    assert "count" in bulk(operator, skillId=str(world.skill_id)).json["errors"]
    assert len(world.rows(Callback, status="scheduled")) == 1


def test_a_bulk_cancel_without_a_filter_is_refused(operator: Browser) -> None:
    assert bulk(operator, count=0).status_code == 422


def test_a_bulk_cancel_leaves_what_is_not_scheduled_any_more(world: World, operator: Browser) -> None:
    done, _ = booked(world), booked(world)
    world.configure(Callback, {"status": "imported"}, account_number=done)
    assert operator.job(bulk(operator, skillId=str(world.skill_id), count=1))["counts"]["cancelled"] == 1
    assert len(world.rows(Callback, status="imported")) == 1


def test_a_bulk_cancel_leaves_what_was_moved_out_of_its_filter_meanwhile(world: World, operator: Browser) -> None:
    moved, kept = booked(world), booked(world)

    def move() -> None:
        reschedule(world.database, world.config_cache, moved, "2026-11-25T10:10", now=NOW, who="client:ivr")

    with meanwhile(world.database, r"^SELECT (TOP \d+ )?callback.account_number\s.*ORDER BY callback.pool_id", move):
        accepted = bulk(operator, **{"from": "2026-11-24", "to": "2026-11-24"}, count=2)
    job = operator.job(accepted)
    assert job["counts"] == {"cancelled": 1, "notCancelled": 1}
    assert {row["accountNumber"]: row["result"] for row in result_of(operator, job)} == {
        kept: "cancelled", moved: "not cancelled: rescheduled meanwhile",
    }  # fmt: skip
    assert [row.account_number for row in world.rows(Callback, status="scheduled")] == [moved]
    assert world.drift() == []


def test_a_slot_of_today_is_seen_live_with_what_is_booked(world: World, viewer: Browser) -> None:
    booked(world, "2026-11-23T09:10")
    booked(world, "2026-11-24T09:10")
    live = viewer.get("/live").json
    assert (live["open"], live["today"]["scheduled"]) == ({"scheduled": 2, "importing": 0, "imported": 0}, 1)
    (pool,) = live["pools"]
    assert (pool["skill"], pool["campaign"], pool["date"], pool["capacity"], pool["booked"]) == (
        "Billing", None, "2026-11-23", 144, 1,
    )  # fmt: skip
    assert {"start": "2026-11-23T09:00:00-06:00", "capacity": 3, "booked": 1} in pool["slots"]
    assert viewer.get("/live", slots="false").json["pools"][0]["slots"] == []


def test_live_counts_what_is_overdue(admin: Admin, world: World, viewer: Browser) -> None:
    booked(world, "2026-11-23T09:10")
    assert viewer.get("/live").json["overdue"] == 0
    admin.now = NOW + timedelta(hours=1, minutes=13)
    assert admin.as_role("viewer").get("/live").json["overdue"] == 1


def test_brakes_are_set_for_everything_a_skill_or_a_campaign(world: World, operator: Browser) -> None:
    assert operator.post("/live/brakes", {"acceptBookings": False}).json["acceptBookings"] is False
    one = operator.post("/live/brakes", {"acceptBookings": False, "skillId": str(world.skill_id)}).json
    assert one["pausedSkills"] == [{"id": str(world.skill_id), "name": "Billing"}]
    other = operator.post("/live/brakes", {"handOver": False, "campaignId": str(world.campaign_id)}).json
    assert (other["handOver"], other["pausedCampaigns"][0]["name"]) == (True, "Billing_Callback")
    assert world.rows(Skill)[0].version == world.rows(Campaign)[0].version == 1
    assert operator.get("/live").json["brakes"] == other
    assert world.config_cache.reload().settings.accept_bookings is False
    assert [row.resource for row in world.rows(AuditLog, action="brake")] == ["brakes", "skills", "campaigns"]


@pytest.mark.parametrize(
    "body", [{}, {"skillId": "1"}, {"handOver": True, "skillId": "1"}, {"acceptBookings": "maybe"}]
)
def test_a_brake_must_say_what_it_brakes(operator: Browser, body: dict[str, Any]) -> None:
    assert operator.post("/live/brakes", body).status_code == 422


def test_a_large_answer_is_compressed_for_who_takes_it_and_a_small_one_never(world: World, viewer: Browser) -> None:
    for name in range(8):
        pool = world.add(Pool, skill_id=world.skill_id, campaign_id=_campaign(world, name),
                         time_zone="UTC")  # fmt: skip
        world.add(SkillSchedule, pool_id=pool, weekly_schedule_id=world.weekly_id, starts_on=NOW.date(), version=1,
                  changed_at=NOW)  # fmt: skip
    dependencies_of(viewer.admin.app).config_cache.reload()
    accepts = {"Accept-Encoding": "gzip"}
    large = viewer.client.get("/admin/api/v1/live", headers=accepts)
    assert large.headers["Content-Encoding"] == "gzip"
    assert large.headers["Vary"] == "Accept-Encoding"
    assert len(json.loads(gzip.decompress(large.data))["pools"]) == 9
    assert "Content-Encoding" not in viewer.client.get("/admin/api/v1/live").headers
    assert "Content-Encoding" not in viewer.client.get("/admin/api/v1/auth/me", headers=accepts).headers


def _campaign(world: World, number: int) -> int:
    values = {"enabled": True, "parameters": {}, "dial_prefix": "", "dial_form": "national", "dial_region": "US",
              "dial_international_prefix": "011", "max_attempts": 1, "retry_delays": {}, "hands_over": True,
              "sync_state": "pending", "version": 1, "changed_at": NOW}  # fmt: skip
    return int(world.add(Campaign, name=f"C{number}", **values))


def test_what_ucce_holds_without_a_result_is_marked_counted_and_found(admin: Admin, world: World) -> None:
    held, other = booked(world), booked(world, "2026-11-25T09:10")
    viewer = admin.as_role("viewer")
    world.configure(Callback, {"status": "imported", "due_at": NOW - timedelta(minutes=31)}, account_number=held)
    world.configure(Callback, {"status": "imported", "due_at": NOW - timedelta(minutes=29)}, account_number=other)
    assert found(viewer, withoutResult="true") == [held]
    marks = {one["accountNumber"]: one["withoutResult"] for one in viewer.get("/callbacks").json["items"]}
    assert marks == {held: True, other: False}
    assert viewer.get(f"/callbacks/{held}").json["withoutResult"] is True
    assert viewer.get("/live").json["withoutResult"] == 1
    world.settings(result_expected_minutes=20)
    until(lambda: sorted(found(viewer, withoutResult="true")) == sorted([held, other]))
