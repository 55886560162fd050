"""Cancelling all of a list in the portal: exactly what it shows, and undone from the same dialog."""

from playwright.sync_api import Locator, expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.bookings import book, free_slots, phone
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import AdminApi


def test_a_search_is_cancelled_alone_and_undone(system: Stack, open_page: Open, api: AdminApi) -> None:
    key, url = system.env["CM_IVR_KEY"], system.url
    start = str(free_slots(url, key, "Billing")[-1]["start"])
    wanted, other = (str(book(url, key, "Billing", start, number)["accountNumber"]) for number in (4501, 4502))

    def statuses() -> list[str]:
        return [api.call("GET", f"/callbacks/{number}")["status"] for number in (wanted, other)]

    page = open_page("/callbacks")
    page.get_by_role("searchbox", name="Phone or account number").fill(phone(4501))
    expect(page.get_by_role("row")).to_have_count(2)  # the head, and the one that is searched for
    page.get_by_role("button", name="Cancel all of these…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("callback is still scheduled")).to_be_visible()
    expect(dialog.get_by_role("table", name="By day and skill").get_by_role("cell", name="Billing")).to_be_visible()
    _assert_below(dialog.locator("mat-label"), dialog.locator("summary"))
    dialog.get_by_label("Reason").fill("the centre is closed")
    dialog.get_by_role("button", name="Cancel them").click()
    expect(dialog.get_by_text("1 cancelled")).to_be_visible()
    assert statuses() == ["cancelled", "scheduled"]

    dialog.get_by_role("button", name="Undo: restore it").click()
    expect(dialog.get_by_text("1 restored")).to_be_visible()
    assert statuses() == ["scheduled", "scheduled"]
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("row", name=phone(4501)).get_by_text("scheduled")).to_be_visible()


def _assert_below(label: Locator, text: Locator) -> None:
    """The label of a field, which floats above it, does not stand in the text before."""
    lower, upper = label.bounding_box(), text.bounding_box()
    assert lower is not None
    assert upper is not None
    assert upper["y"] + upper["height"] <= lower["y"], (upper, lower)
