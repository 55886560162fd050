"""The brakes of one skill and of one campaign, on their own pages."""

import pytest
from playwright.sync_api import Page, expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.bookings import book, free_slots
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import AdminApi
from tests.support.until import until


def _turn(page: Page, switch: str, answer: str) -> None:
    page.get_by_role("switch", name=switch).click()
    page.get_by_role("alertdialog").get_by_role("button", name=answer).click()


def test_the_brake_of_a_skill_stops_its_bookings_and_no_others(system: Stack, open_page: Open, api: AdminApi) -> None:
    key, url = system.env["CM_IVR_KEY"], system.url
    starts = {skill: str(free_slots(url, key, skill)[-1]["start"]) for skill in ("Billing", "Sales")}
    page = open_page(f"/skills/{api.call('GET', '/skills?q=Sales')['items'][0]['id']}")

    _turn(page, "Take bookings", "Cancel")
    expect(page.get_by_role("switch", name="Take bookings")).to_be_checked()
    _turn(page, "Take bookings", "Switch off")
    expect(page.get_by_text("What is booked stays booked.")).to_be_visible()
    refused = until(
        lambda: [found for found in [book(url, key, "Sales", starts["Sales"], 4301)] if "code" in found],
        what="the refusal on every node",
    )
    assert refused[0]["code"] == "booking_closed"
    assert book(url, key, "Billing", starts["Billing"], 4302).get("accountNumber")

    _turn(page, "Take bookings", "Switch on")
    expect(page.get_by_text("Callers are offered callbacks of this skill.")).to_be_visible()
    until(lambda: free_slots(url, key, "Sales"), what="slots of Sales")


def test_the_brake_of_a_campaign_holds_back_its_callbacks(open_page: Open, api: AdminApi) -> None:
    campaign = api.call("GET", "/campaigns?q=Sales_Callback")["items"][0]
    page = open_page(f"/campaigns/{campaign['id']}")
    _turn(page, "Hand over", "Switch off")
    expect(page.get_by_text("Its due callbacks wait here.")).to_be_visible()
    assert api.call("GET", "/live")["brakes"]["pausedCampaigns"] == [{"id": campaign["id"], "name": "Sales_Callback"}]
    _turn(page, "Hand over", "Switch on")
    expect(page.get_by_text("Its due callbacks go to the dialer.")).to_be_visible()


@pytest.mark.parametrize(("path", "switch"), [("/skills", "Take bookings"), ("/campaigns", "Hand over")])
def test_a_viewer_sees_a_brake_and_cannot_work_it(
    system: Stack, open_page: Open, api: AdminApi, path: str, switch: str
) -> None:
    viewer = AdminApi(system.url, api.make_user(f"viewer-of{path[1:]}", "viewer"))
    page = open_page(f"{path}/{api.call('GET', path)['items'][0]['id']}", as_=viewer)
    expect(page.get_by_role("switch", name=switch)).to_be_disabled()
