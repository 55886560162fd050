"""Sign-in, roles, and a person's unsaved work when the session ends or somebody else saved first."""

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.browser import log_in
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import AdminApi, Person
from tests.support.until import until


@pytest.fixture(scope="module")
def viewer(system: Stack, api: AdminApi) -> AdminApi:
    return AdminApi(system.url, api.make_user("victor", "viewer"))


def test_a_deep_link_leads_through_the_sign_in_and_back_to_its_page(
    system: Stack, open_page: Open, administrator: Person
) -> None:
    page = open_page("/login", as_=None)
    log_in(page, system.url, administrator.name, administrator.password, to="/settings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    page.get_by_role("link", name="Skills").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skills")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def test_a_sign_in_over_https_is_valid_on_the_plain_page_of_this_machine(
    system: Stack, browser: Browser, administrator: Person
) -> None:
    with browser.new_context(ignore_https_errors=True) as context:  # the certificate is self-signed
        page = context.new_page()
        page.goto(f"{system.url}/login")
        expect(page.get_by_text("This page is plain HTTP.")).to_be_visible()
        log_in(page, system.settings.https_url, administrator.name, administrator.password)
        expect(page.get_by_text("This page is plain HTTP.")).to_have_count(0)
        cookies = {cookie["name"]: cookie["secure"] for cookie in context.cookies()}

        page.goto(f"{system.url}/skills")
        expect(page.get_by_role("heading", level=1)).to_have_text("Skills")

    assert cookies == {"__Host-cm_session": True, "__Host-cm_device": True}


def test_five_wrong_passwords_lock_an_account_and_an_administrator_unlocks_it(
    system: Stack, open_page: Open, api: AdminApi
) -> None:
    person = api.make_user("lara", "operator")
    page = open_page("/login", as_=None)
    page.get_by_label("User name").fill(person.name)
    for _ in range(5):
        until(lambda: _try(page, "certainly wrong")[0] == 401, every=0.5)  # after the pause that the last one brought
    status, told = _try(page, person.password)
    assert status == 401

    user = api.call("GET", "/users?q=lara")["items"][0]
    admin = open_page(f"/users/{user['id']}")
    admin.get_by_role("button", name="Unlock").click()
    expect(admin.get_by_role("button", name="Unlock")).to_have_count(0)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")
    assert "lara" not in told


def test_a_viewer_sees_but_is_offered_no_change(open_page: Open, viewer: AdminApi) -> None:
    page = open_page("/daily-schedules", as_=viewer)
    expect(page.get_by_role("link", name="Office hours")).to_be_visible()
    expect(page.get_by_role("link", name="New daily schedule")).to_have_count(0)
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.get_by_role("link", name="Office hours").click()
    expect(page.get_by_text("A supervisor can change these numbers.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("switch", name="Take bookings")).to_be_disabled()


def test_a_conflict_tells_who_was_faster_and_lets_one_choose(open_page: Open, api: AdminApi) -> None:
    skill = api.call("GET", "/skills?q=Support")["items"][0]
    path = f"/skills/{skill['id']}"
    page = open_page(path)
    page.get_by_label("Description").fill("mine")
    body = {name: skill[name] for name in ("name", "ucceSkillGroupId", "defaultCampaignId")}
    api.call("PUT", path, {**body, "description": "theirs"}, tag=api.tag(path))

    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("anna")
    dialog.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert api.call("GET", path)["description"] == "mine"


def test_work_survives_the_end_of_the_session(open_page: Open, administrator: Person) -> None:
    page = open_page("/weekly-schedules/new")
    page.get_by_label("Name").fill("Made across two sessions")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your session has ended")
    dialog.get_by_label("Password", exact=True).fill(administrator.password)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Made across two sessions")


def test_unsaved_work_is_not_left_without_a_question(open_page: Open) -> None:
    page = open_page("/skills/new")
    page.get_by_label("Name").fill("Half a thought")
    page.get_by_role("link", name="Today").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Stay").click()
    expect(page.get_by_label("Name")).to_have_value("Half a thought")
    page.get_by_role("link", name="Today").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


def test_a_key_is_shown_once(open_page: Open, api: AdminApi) -> None:
    page = open_page("/api-clients/new")
    page.get_by_label("Name").fill("IVR of the test")
    page.get_by_role("button", name="Save and show the key").click()
    dialog = page.get_by_role("dialog")
    key = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="I have stored it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("IVR of the test")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("IVR of the test")
    assert len(key) > 20
    assert key not in page.content()


def test_without_redis_one_stays_signed_in(system: Stack, open_page: Open) -> None:
    page = open_page("/today")
    system["redis"].kill()
    try:
        page.get_by_role("link", name="Campaigns").click()
        expect(page.get_by_role("link", name="Billing_Callback")).to_be_visible()
        page.reload()
        expect(page.get_by_role("link", name="Billing_Callback")).to_be_visible()
    finally:
        system["redis"].start()
        system["redis"].wait_ready()


def _try(page: Page, password: str) -> tuple[int, str]:
    """Sign in with a wrong password; the answer's status and the page's message."""
    page.get_by_label("Password", exact=True).fill(password)
    with page.expect_response("**/auth/login") as answer:
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return answer.value.status, page.get_by_role("alert").inner_text()
