"""What an agent does with the gadget on a good day."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import expect

from deploy.sandbox.finesse import control_client
from deploy.sandbox.stack import Stack
from tests.e2e.gadget.conftest import BUILT, OpenDesktop
from tests.e2e.gadget.desktop import Agent
from tests.e2e.portal.bookings import book, free_slots, phone

Control = control_client.Control
QUEUE = "UCM_PIM.Billing.SG"  # the conftest's CM_GADGET_QUEUES maps it to the skill Billing
NAMES = Path(control_client.__file__).parent / "names.json"
CALLER_IN_NEW_YORK = "+12125550{:03d}"


def callbacks_of(system: Stack, number: str, status: str = "open") -> list[dict[str, Any]]:
    """As an IVR sees them."""
    response = requests.get(
        f"{system.url}/api/v1/callbacks",
        params={"phone": number, "status": status},
        headers={"X-API-Key": system.env["CM_IVR_KEY"]},
        timeout=10,
    )
    response.raise_for_status()
    found: list[dict[str, Any]] = response.json()["callbacks"]
    return found


def test_a_ringing_call_is_booked_in_two_clicks(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    expect(desktop.by("form")).to_be_visible()
    finesse.call_in(agent.id, phone(100), QUEUE)
    expect(desktop.by("phone")).to_have_value(phone(100))
    expect(desktop.by("skill")).to_have_value("Billing")
    before = desktop.watched()["presses"]

    desktop.times.nth(2).click()
    desktop.by("book").click()

    expect(desktop.by("done-text")).to_contain_text(phone(100))
    assert desktop.watched()["presses"] - before <= 3
    (booked,) = callbacks_of(system, phone(100))
    assert (booked["source"], booked["skill"], booked["agentId"]) == ("gadget", "Billing", None)
    expect(desktop.by("done-reference")).to_contain_text(booked["accountNumber"])
    shown = datetime.fromisoformat(booked["start"]).strftime("%H:%M")
    expect(desktop.by("done-text")).to_contain_text(shown)


def test_the_keyboard_alone_is_enough(system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    expect(desktop.by("form")).to_be_visible()
    finesse.call_in(agent.id, phone(101), QUEUE)
    expect(desktop.times.first).to_be_visible()
    desktop.by("phone").focus()
    keyboard = desktop.page.keyboard
    keyboard.press("Tab")  # the skill, which is chosen
    keyboard.press("Tab")
    keyboard.type("Maria")
    keyboard.press("Tab")
    keyboard.type("Lopez")
    keyboard.press("Tab")  # the first time
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    keyboard.press("Tab")
    keyboard.type("invoice 7")
    keyboard.press("Tab")
    keyboard.press("Space")  # only to me
    keyboard.press("Enter")

    expect(desktop.by("done")).to_be_focused()
    (booked,) = callbacks_of(system, phone(101))
    assert (booked["firstName"], booked["lastName"], booked["agentId"]) == ("Maria", "Lopez", agent.id)
    assert booked["callData"] == {"note": "invoice 7"}


def test_an_open_callback_is_shown_moved_and_cancelled(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    key = system.env["CM_IVR_KEY"]
    slot = free_slots(system.url, key, "Billing")[4]
    number = str(book(system.url, key, "Billing", str(slot["start"]), 102)["accountNumber"])
    desktop = open_desktop()
    finesse.call_in(agent.id, phone(102), QUEUE)
    expect(desktop.by("booked-title")).to_contain_text(str(slot["start"])[11:16])

    desktop.by("move").click()
    expect(desktop.by("phone")).to_be_disabled()
    desktop.times.nth(7).click()
    desktop.by("book").click()
    expect(desktop.by("done-title")).to_have_text("Moved")
    (moved,) = callbacks_of(system, phone(102))
    assert (moved["accountNumber"], moved["status"]) == (number, "scheduled")
    assert moved["start"] != slot["start"]

    desktop.by("again").click()
    expect(desktop.by("booked-title")).to_contain_text(moved["start"][11:16])
    desktop.by("cancel").click()
    expect(desktop.by("cancel-no")).to_be_focused()
    desktop.by("cancel-yes").click()
    expect(desktop.by("done-title")).to_have_text("Cancelled")
    assert callbacks_of(system, phone(102)) == []
    expect(desktop.by("booked")).to_be_hidden()


def test_an_answered_personal_callback_pops_up_within_a_second(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    number = _personal_callback(system, agent, phone(103))
    desktop = open_desktop()
    expect(desktop.by("form")).to_be_visible()
    finesse.dialer_call(agent.id, phone(103).removeprefix("+"), BAAccountNumber=f"{number}-01")

    expect(desktop.by("answered-promise")).to_contain_text("Maria Lopez asked for you")
    expect(desktop.by("answered-why")).to_contain_text("contract 12")
    expect(desktop.by("phone")).to_have_value(phone(103))
    desktop.by("answered-history").click()
    expect(desktop.by("answered-history").locator("li")).to_have_count(1)
    expect(desktop.by("answered-history")).to_contain_text("booked")
    watched = desktop.watched()
    assert 0 < watched["answeredAt"] - watched["dialogAt"] <= 1000, watched
    expect(desktop.by("booked")).to_be_hidden()  # it is the one on the line


def test_a_follow_up_is_booked_without_a_call(system: Stack, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.by("phone").fill("12")
    expect(desktop.by("phone-problem")).to_have_text("This is no valid phone number.")
    desktop.by("skill").select_option("Sales")
    expect(desktop.times.first).to_be_visible()
    expect(desktop.by("phone-problem")).to_have_text("This is no valid phone number.")
    desktop.by("phone").fill(phone(104))
    expect(desktop.by("phone-problem")).to_be_empty()
    desktop.times.nth(3).click()  # the first one would be called at once
    desktop.by("book").click()
    expect(desktop.by("done-title")).to_have_text("Booked")
    assert [one["skill"] for one in callbacks_of(system, phone(104))] == ["Sales"]


def test_times_are_in_the_pools_zone_and_the_callers(finesse: Control, agent: Agent, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(locale="de_DE")
    finesse.call_in(agent.id, CALLER_IN_NEW_YORK.format(123), QUEUE)
    expect(desktop.by("slots-zone")).to_contain_text("in Klammern die des Kunden")
    first = desktop.times.first
    here, there = first.locator("span").inner_text(), first.locator("small").inner_text()
    assert (int(there.strip("()")[-5:-3]) - int(here[:2])) % 24 == 1  # New York and Chicago
    expect(desktop.by("book")).to_have_text("Buchen")


def test_the_files_work_from_finesses_own_area(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop
) -> None:
    area = system.var / "finesse" / "3rdpartygadget" / "callback"
    _upload(area, system.settings.https_url)
    finesse.layout("/3rdpartygadget/files/callback/callback.xml")
    try:
        desktop = open_desktop(locale="es_ES")
        finesse.call_in(agent.id, phone(105), QUEUE)
        desktop.times.nth(3).click()
        desktop.by("book").click()
        expect(desktop.by("done-title")).to_have_text("Reservado")
    finally:
        finesse.layout(f"{system.settings.https_url}/gadget/callback.xml")


def test_the_fake_offers_the_documented_names_and_no_others(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    expect(desktop.by("form")).to_be_visible()
    assert sorted(desktop.by("gadget").evaluate(_NAMES_OFFERED)) == sorted(json.loads(NAMES.read_text()))


# A leaf is a function, a class, a text, or Config, whose fields are the desktop's own.
_NAMES_OFFERED = """() => {
  const names = [];
  const walk = (name, value) => {
    const inner = value !== null && typeof value === 'object' && name !== 'finesse.gadget.Config';
    if (inner) Object.entries(value).forEach(([key, one]) => walk(`${name}.${key}`, one));
    else names.push(name);
  };
  walk('finesse', finesse);
  walk('gadgets', gadgets);
  return names;
}"""


def _upload(area: Path, api: str) -> None:
    """The built files with the address of Campaign Manager, as GADGET_API sets it."""
    for path in BUILT.rglob("*.*"):
        target = area / path.relative_to(BUILT)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_text()
        if path.name == "callback.xml":
            content = content.replace('name="api" display_name="api" default_value=""',
                                      f'name="api" display_name="api" default_value="{api}"')  # fmt: skip
        target.write_text(content)


def _personal_callback(system: Stack, agent: Agent, number: str) -> str:
    key = system.env["CM_IVR_KEY"]
    start = str(free_slots(system.url, key, "Billing")[6]["start"])
    body = {"phone": number, "start": start, "skill": "Billing", "firstName": "Maria", "lastName": "Lopez",
            "agentId": agent.id, "callData": {"reason": "contract 12"}}  # fmt: skip
    response = requests.post(f"{system.url}/api/v1/callbacks", json=body, headers={"X-API-Key": key}, timeout=10)
    response.raise_for_status()
    return str(response.json()["accountNumber"])
