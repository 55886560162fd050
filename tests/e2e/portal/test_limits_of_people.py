"""People with a second factor, and people who see some skills and no whole phone numbers, at the portal."""

import pyotp
from playwright.sync_api import expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.browser import log_in
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import PASSWORD, AdminApi


def test_a_second_factor_is_set_up_and_asked_for_at_the_next_sign_in(
    system: Stack, open_page: Open, api: AdminApi
) -> None:
    person = api.make_user("selma", "operator")
    page = open_page("/login", as_=None)
    log_in(page, system.url, person.name, PASSWORD, to="/second-factor")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_alt_text("QR code for your authenticator")).to_be_visible()
    shown = page.get_by_alt_text("QR code for your authenticator").evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    secret = page.locator(".mono").inner_text()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".codes li")).to_have_count(10)
    codes = page.locator(".codes li").all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/today")

    again = open_page("/login", as_=None)
    again.get_by_label("User name").fill(person.name)
    again.get_by_label("Password", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    again.get_by_label("Code of your authenticator").fill(codes[0])
    again.get_by_role("button", name="Sign in").click()
    again.wait_for_url("**/today")
    assert shown > 100


def test_an_administrator_limits_a_person_to_a_skill(open_page: Open, system: Stack, api: AdminApi) -> None:
    person = api.make_user("lena", "supervisor")
    user = api.call("GET", "/users?q=lena")["items"][0]
    form = open_page(f"/users/{user['id']}")
    form.get_by_label("Sees").click()
    form.get_by_role("option", name="only these skills").click()
    form.get_by_label("Skills").click()
    form.get_by_role("option", name="Billing").click()
    form.keyboard.press("Escape")
    form.get_by_label("Phone numbers").click()
    form.get_by_role("option", name="the last two digits").click()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved.")).to_be_visible()
    assert [len(api.call("GET", f"/users/{user['id']}")["skillIds"])] == [1]

    theirs = AdminApi(system.url, person)
    page = open_page("/skills", as_=theirs)
    expect(page.get_by_role("link", name="Billing")).to_be_visible()
    expect(page.get_by_role("link", name="Support")).to_have_count(0)
    expect(page.get_by_role("link", name="New skill")).to_have_count(0)
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("switch", name="Take bookings")).to_be_disabled()
