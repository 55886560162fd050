"""Erasing a customer in the portal: after a confirmation no data of theirs are shown; a do-not-call entry stays."""

from playwright.sync_api import expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.bookings import book, free_slots, phone
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import AdminApi

CUSTOMER = 4200


def test_an_administrator_erases_the_customer_of_a_callback_and_the_list_says_so(
    system: Stack, open_page: Open, api: AdminApi
) -> None:
    key = system.env["CM_IVR_KEY"]
    slot = free_slots(system.url, key, "Sales", days=3)[-1]
    booked = book(system.url, key, "Sales", str(slot["start"]), CUSTOMER)
    api.call("POST", "/do-not-call", {"phone": phone(CUSTOMER), "note": "by letter"})
    page = open_page(f"/callbacks/{booked['accountNumber']}")
    consent = page.locator("section", has=page.get_by_role("heading", name="Consent"))
    expect(consent).to_contain_text("the caller booked it")
    expect(consent).to_contain_text(f"call-{CUSTOMER}")

    page.get_by_role("button", name="Erase the customer").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 callback has this number")
    expect(question).to_contain_text("do-not-call list")
    question.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("Erased.")).to_be_visible()
    expect(page.get_by_text(phone(CUSTOMER))).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("cancelled")

    page.get_by_role("link", name="Erasures").click()
    row = page.get_by_role("row").filter(has_text="finished")
    expect(row.first).to_contain_text("kept as a hash")
    expect(page.get_by_text(phone(CUSTOMER))).to_have_count(0)
    assert book(system.url, key, "Sales", str(slot["start"]), CUSTOMER)["code"] == "do_not_call"


def test_a_number_is_erased_from_the_page_only_after_the_question_is_answered(open_page: Open, api: AdminApi) -> None:
    page = open_page("/erasures")
    page.get_by_label("Phone number").fill("not a number")
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("This is not a phone number")).to_be_visible()

    before = api.call("GET", "/erasures")["total"]
    page.get_by_label("Phone number").fill(phone(CUSTOMER + 1))
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert api.call("GET", "/erasures")["total"] == before

    page.get_by_role("button", name="Erase").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Erase").click()
    expect(page.get_by_text("Erased.")).to_be_visible()
    assert api.call("GET", "/erasures")["total"] == before + 1
