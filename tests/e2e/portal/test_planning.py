"""The supervisor's main work in the portal: schedules, skills and campaigns, and their effect in UCCE."""

from datetime import datetime
from zoneinfo import ZoneInfo

import requests
from playwright.sync_api import Page, expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.bookings import book, free_slots, phone
from tests.e2e.portal.conftest import TIMEOUT_MILLISECONDS, Open
from tests.e2e.portal.people import AdminApi
from tests.support.until import until


def test_a_schedule_made_in_the_portal_is_booked_shown_and_moved(system: Stack, open_page: Open) -> None:
    zone = _zone_with_slots_left_today()
    page = open_page("/daily-schedules/new")
    _make_a_day(page, "All day, two each")
    _make_a_week(page, "Every day, two each", "All day, two each")
    _assign(page, "Support", "Every day, two each", zone)

    key = system.env["CM_IVR_KEY"]
    first, second = until(lambda: free_slots(system.url, key, "Support")[1:3], what="slots of Support")
    booked = book(system.url, key, "Support", str(first["start"]), 4001)
    assert booked.get("accountNumber"), booked

    page.goto(f"{system.url}/today")
    row = page.locator("cm-pool-day", has_text="Support")
    expect(row.locator(".sum")).to_contain_text("1")
    page.goto(f"{system.url}/callbacks?q={booked['accountNumber']}")
    page.get_by_role("row", name=phone(4001)).get_by_role("link").click()
    expect(page.get_by_text(f"Times are in {zone}.")).to_be_visible()

    page.get_by_role("button", name="Move").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Date").fill(str(second["start"])[:10])
    dialog.get_by_label("Time").fill(str(second["start"])[11:16])
    dialog.get_by_role("button", name="Move").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(second["start"])[11:16])
    expect(page.locator(".timeline li")).to_have_count(2)


def test_a_changed_campaign_reaches_ucce(system: Stack, open_page: Open, api: AdminApi) -> None:
    campaign = api.call("GET", "/campaigns?q=Sales_Callback")["items"][0]
    until(lambda: api.call("GET", f"/campaigns/{campaign['id']}/sync")["syncState"] == "in_sync", 30, what="in sync")
    page = open_page(f"/campaigns/{campaign['id']}")
    page.get_by_label("Rings").fill("17")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From 2 to 10.")).to_be_visible()
    page.get_by_label("Rings").fill("7")
    page.get_by_role("button", name="Save").click()

    desired = "<noAnswerRingLimit>7</noAnswerRingLimit>"
    until(lambda: desired in _in_ucce(system, api, campaign["id"]), 30, what="the new ring limit in UCCE")
    expect(page.locator("cm-campaign-sync")).to_contain_text(
        "UCCE has the desired settings.", timeout=TIMEOUT_MILLISECONDS
    )


def test_who_calls_again_is_one_choice_and_reaches_ucce(system: Stack, open_page: Open, api: AdminApi) -> None:
    campaign = api.call("GET", "/campaigns?q=Sales_Callback")["items"][0]
    page = open_page(f"/campaigns/{campaign['id']}")
    expect(page.get_by_label("Hand-overs at most")).to_be_visible()
    expect(page.get_by_label("Attempts")).to_have_count(0)

    page.get_by_label("Who calls again").click()
    page.get_by_role("option", name="UCCE does").click()
    expect(page.get_by_label("Hand-overs at most")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From 1 to 100.")).to_be_visible()
    page.get_by_label("Attempts").fill("3")
    page.get_by_label("After busy").fill("9")
    page.get_by_role("button", name="Save").click()

    until(lambda: "<maxAttempts>3</maxAttempts>" in _in_ucce(system, api, campaign["id"]), 30, what="UCCE's attempts")
    assert "<busySignalDelay>9</busySignalDelay>" in _in_ucce(system, api, campaign["id"])
    saved = api.call("GET", f"/campaigns/{campaign['id']}")
    assert (saved["retriesByUcce"], saved["maxAttempts"], saved["retryDelays"]) == (True, 1, {})

    page.get_by_label("Who calls again").click()
    page.get_by_role("option", name="We do").click()
    page.get_by_role("button", name="Save").click()
    until(lambda: "<maxAttempts>1</maxAttempts>" in _in_ucce(system, api, campaign["id"]), 30, what="one call of UCCE")


def test_a_change_that_booked_callbacks_do_not_fit_is_told_before(
    system: Stack, open_page: Open, api: AdminApi
) -> None:
    key = system.env["CM_IVR_KEY"]
    assert book(system.url, key, "Billing", str(free_slots(system.url, key, "Billing")[-1]["start"]), 4002)
    day = api.call("GET", "/daily-schedules?q=Round the clock")["items"][0]
    page = open_page(f"/daily-schedules/{day['id']}")

    page.get_by_role("option", name="00:00 to 00:30").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Save").click()

    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("outside")
    dialog.get_by_role("button", name="Go back").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("option", name="12:00 to 12:30: 0")).to_have_count(0)
    assert api.call("GET", f"/daily-schedules/{day['id']}")["total"] == day["total"]


def _zone_with_slots_left_today() -> str:
    """One of two time zones in which it is not evening now."""
    return next(zone for zone in ("America/Chicago", "Asia/Tokyo") if datetime.now(ZoneInfo(zone)).hour < 20)


def _in_ucce(system: Stack, api: AdminApi, campaign: str) -> str:
    """The campaign as UCCE's API returns it."""
    key = api.call("GET", f"/campaigns/{campaign}/sync")["ucceId"]
    env = system.env
    response = requests.get(
        f"{env['CM_UCCE_URL']}/unifiedconfig/config/campaign/{key}",
        auth=(env["CM_UCCE_USER"], env["CM_UCCE_PASSWORD"]),
        verify=env["CM_UCCE_CA_FILE"],
        timeout=10,
    )
    response.raise_for_status()
    return response.text


def _make_a_day(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("option", name="00:00 to 00:30").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    expect(page.locator(".total")).to_have_text("96")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _make_a_week(page: Page, name: str, day: str) -> None:
    page.get_by_role("link", name="Weekly schedules").first.click()
    page.get_by_role("link", name="New weekly schedule").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New weekly schedule")  # not the list's search by name
    page.get_by_label("Name").fill(name)
    for weekday in ("Monday", "Saturday", "Sunday"):
        _choose(page, weekday, day)
    page.get_by_role("button", name="Monday’s for Tuesday to Friday").click()
    expect(page.get_by_text("672", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _assign(page: Page, skill: str, week: str, zone: str) -> None:
    page.get_by_role("link", name="Skill schedules").first.click()
    page.get_by_role("link", name="Assign a schedule").click()
    _choose(page, "Skill", skill)
    _choose(page, "Weekly schedule", week)
    page.get_by_label("Time zone").fill(zone)
    page.get_by_label("From (local date)").fill("2026-01-01")
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Schedule of {skill}")
    expect(page.get_by_text("The coming two weeks")).to_be_visible()


def _choose(page: Page, label: str, choice: str) -> None:
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=choice, exact=True).click()
