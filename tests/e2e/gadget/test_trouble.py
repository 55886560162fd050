"""What an agent sees when something is not as it should be: a clear sentence, a way on, and nothing typed is lost."""

import requests
from playwright.sync_api import expect

from deploy.sandbox.finesse.agents import Agent as FinesseAgent
from deploy.sandbox.finesse.control_client import Control
from deploy.sandbox.stack import Stack
from tests.e2e.gadget.conftest import OpenDesktop
from tests.e2e.gadget.desktop import Agent
from tests.e2e.gadget.test_booking import QUEUE, callbacks_of
from tests.e2e.portal.bookings import book, free_slots, phone
from tests.support.until import until


def test_a_queue_that_belongs_to_no_skill_leaves_the_choice_to_the_agent(
    finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(200), "Some.Other.Queue")
    expect(desktop.by("skill-problem")).to_contain_text("Some.Other.Queue belongs to no skill")
    expect(desktop.by("phone")).to_have_value(phone(200))
    desktop.by("book").click()
    expect(desktop.by("skill")).to_be_focused()
    desktop.by("skill").select_option("Support")
    expect(desktop.by("skill-problem")).to_be_empty()


def test_a_withheld_number_and_an_extension_are_told_at_once(
    finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    withheld = finesse.call_in(agent.id, "anonymous", QUEUE)
    expect(desktop.by("phone-problem")).to_have_text("The caller’s number is withheld: ask for one.")
    expect(desktop.by("phone")).to_have_value("")
    expect(desktop.times.first).to_be_visible()
    finesse.end(withheld)
    expect(desktop.by("phone-problem")).to_be_empty()
    finesse.call_in(agent.id, "4711", QUEUE)
    expect(desktop.by("phone-problem")).to_contain_text("This is an extension")
    desktop.by("book").click()
    expect(desktop.by("phone")).to_be_focused()


def test_a_second_call_takes_nothing_away_from_the_first(
    finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(201), QUEUE)
    expect(desktop.by("phone")).to_have_value(phone(201))
    desktop.by("note").fill("first caller's note")
    second = finesse.call_in(agent.id, phone(202), QUEUE)
    of_second = desktop.gadget.get_by_role("button", name=f"Call of {phone(202)}")
    expect(of_second).to_be_visible()
    expect(desktop.by("note")).to_have_value("first caller's note")

    of_second.click()
    expect(desktop.by("phone")).to_have_value(phone(202))
    expect(desktop.by("note")).to_have_value("")
    desktop.gadget.get_by_role("button", name=f"Call of {phone(201)}").click()
    expect(desktop.by("note")).to_have_value("first caller's note")
    finesse.end(second)
    expect(of_second).to_have_count(0)
    expect(desktop.by("phone")).to_have_value(phone(201))


def test_a_callback_that_is_cancelled_while_it_is_moved_is_told_and_the_form_stays(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    key = system.env["CM_IVR_KEY"]
    start = str(free_slots(system.url, key, "Billing")[5]["start"])
    number = book(system.url, key, "Billing", start, 203)["accountNumber"]
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(203), QUEUE)
    desktop.by("move").click()
    desktop.by("note").fill("wants the afternoon")
    cancelled = requests.post(f"{system.url}/api/v1/callbacks/{number}/cancel", headers={"X-API-Key": key}, timeout=10)
    cancelled.raise_for_status()
    desktop.times.nth(8).click()
    desktop.by("book").click()

    expect(desktop.by("form-problem")).to_contain_text("was cancelled or has ended meanwhile")
    expect(desktop.by("booked")).to_be_hidden()
    expect(desktop.by("note")).to_have_value("wants the afternoon")
    expect(desktop.times.first).to_be_visible()
    desktop.times.nth(8).click()
    desktop.by("book").click()
    expect(desktop.by("done-title")).to_have_text("Booked")
    assert len(callbacks_of(system, phone(203))) == 1


def test_a_time_that_is_taken_meanwhile_is_told_and_another_one_can_be_chosen(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(204), QUEUE)
    chosen = desktop.gadget.locator(".times input:enabled").nth(10)
    desktop.times.nth(10).click()
    _fill_up(system, str(chosen.get_attribute("value")))
    desktop.by("book").click()
    expect(desktop.by("form-problem")).to_contain_text("has just been taken")
    desktop.times.nth(10).click()
    desktop.by("book").click()
    expect(desktop.by("done-title")).to_have_text("Booked")


def test_an_expired_token_is_told_and_a_renewed_one_goes_on(
    finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    finesse.new_token(agent.id)
    desktop = open_desktop(sso=True)
    expect(desktop.by("form")).to_be_visible()
    desktop.by("note").fill("typed before")
    finesse.expire_token(agent.id)
    finesse.call_in(agent.id, phone(205), QUEUE)
    desktop.gadget.get_by_role("button", name=f"Call of {phone(205)}").click()
    expect(desktop.by("problem-text")).to_contain_text("Finesse does not accept your sign-in any more")

    finesse.new_token(agent.id)
    desktop.by("retry").click()
    expect(desktop.by("problem")).to_be_hidden()
    expect(desktop.by("phone")).to_have_value(phone(205))
    desktop.gadget.get_by_role("button", name="Without a call").click()
    expect(desktop.by("note")).to_have_value("typed before")


def test_without_finesse_there_is_a_sentence_and_a_retry_and_the_ivr_books_on(
    system: Stack, finesse: Control, open_desktop: OpenDesktop
) -> None:
    key = system.env["CM_IVR_KEY"]
    finesse.node(1, "unavailable")
    finesse.node(2, "unavailable")
    try:
        desktop = open_desktop()
        expect(desktop.by("problem-text")).to_contain_text("Finesse does not answer")
        start = str(free_slots(system.url, key, "Billing")[6]["start"])
        assert book(system.url, key, "Billing", start, 206).get("accountNumber")
    finally:
        finesse.node(1, "up")
        finesse.node(2, "up")

    def connected() -> bool:
        if desktop.by("retry").is_visible():
            desktop.by("retry").click()
        return desktop.by("form").is_visible()

    until(connected, timeout=40, what="the form after Finesse is back")  # the breaker asks again after a while
    expect(desktop.by("problem")).to_be_hidden()


def test_a_failover_of_finesse_loses_nothing_typed(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(207), QUEUE)
    expect(desktop.by("phone")).to_have_value(phone(207))
    desktop.by("first-name").fill("Priya")
    with desktop.page.expect_response(lambda answer: "%2Fdraft" in (answer.request.post_data or "")):
        desktop.by("note").fill("half a sentence")
    finesse.node(1, "down")
    try:
        desktop.page.wait_for_url(f"{system.settings.finesse_urls[1]}/**")
        expect(desktop.by("note")).to_have_value("half a sentence")
        expect(desktop.by("first-name")).to_have_value("Priya")
        expect(desktop.by("phone")).to_have_value(phone(207))
        desktop.times.nth(4).click()
        desktop.by("book").click()
        expect(desktop.by("done-title")).to_have_text("Booked")
    finally:
        finesse.node(1, "up")
    (booked,) = callbacks_of(system, phone(207))
    assert booked["callData"] == {"note": "half a sentence"}


def test_another_agents_id_is_refused(system: Stack, finesse: Control, agent: Agent) -> None:
    finesse.agent("9999", password="somebody else's")
    own = FinesseAgent(agent.id, agent.password).authorization
    url = f"{system.url}/api/v1/gadget/session"
    refused = requests.post(url, json={"agentId": "9999", "authorization": own}, timeout=10)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")


def test_no_secret_is_in_the_page_its_storage_its_addresses_or_our_logs(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(208), QUEUE)
    desktop.times.nth(4).click()
    desktop.by("book").click()
    expect(desktop.by("done-title")).to_have_text("Booked")

    posts = [request.post_data or "" for request in desktop.sent if "makeRequest" in request.url]
    tokens = {part[:43] for post in posts for part in post.split("cma_")[1:]}
    assert len(tokens) == 1
    secrets = {agent.password, FinesseAgent(agent.id, agent.password).authorization, *tokens}
    gadget = desktop.by("gadget")
    seen = [request.url for request in desktop.sent]
    seen.append(gadget.evaluate("() => document.documentElement.outerHTML"))
    seen.append(
        gadget.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, name])")
    )
    seen += [path.read_text(errors="replace") for path in (system.var / "log").iterdir()]
    assert [secret for secret in secrets for text in seen if secret in text] == []


def _fill_up(system: Stack, start: str) -> None:
    """Take every place of the slot at `start`."""
    key, number = system.env["CM_IVR_KEY"], 3000
    while book(system.url, key, "Billing", start, number).get("code") != "slot_full":
        number += 1
