"""The gadget is accessible in both themes, and not to be seen once it is switched off."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from deploy.sandbox import checks
from deploy.sandbox.finesse.control_client import Control
from deploy.sandbox.stack import Stack
from tests.e2e.gadget.conftest import OpenDesktop
from tests.e2e.gadget.desktop import Agent, Desktop
from tests.e2e.gadget.test_booking import QUEUE
from tests.e2e.portal.bookings import book, free_slots, phone
from tests.e2e.portal.test_quality import AXE
from tests.support.until import until


@pytest.mark.parametrize(("theme", "number"), [("light", 300), ("dark", 301)])
def test_axe_finds_nothing_serious(
    system: Stack, finesse: Control, agent: Agent, open_desktop: OpenDesktop, theme: str, number: int
) -> None:
    key = system.env["CM_IVR_KEY"]
    booked = book(system.url, key, "Billing", str(free_slots(system.url, key, "Billing")[9]["start"]), number)
    desktop = open_desktop(theme=theme)
    expect(desktop.by("form")).to_be_visible()
    found = _violations(desktop)
    finesse.dialer_call(agent.id, phone(number), QUEUE, BAAccountNumber=f"{booked['accountNumber']}-01")
    expect(desktop.by("answered")).to_be_visible()
    found += _violations(desktop)
    second = finesse.call_in(agent.id, phone(number), "no queue")
    desktop.gadget.get_by_role("button", name=f"Call of {phone(number)}").last.click()
    expect(desktop.by("booked")).to_be_visible()
    desktop.by("cancel").click()
    found += _violations(desktop)
    desktop.by("cancel-yes").click()
    expect(desktop.by("done")).to_be_visible()
    found += _violations(desktop)
    finesse.end(second)
    assert found == []


def test_a_gadget_that_is_loaded_hides_itself_when_it_is_switched_off(system: Stack, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    expect(desktop.by("form")).to_be_visible()
    names = ("booking-1", "booking-2")
    on = {name: system[name].env for name in names}
    _restart(system, {name: {**env, "CM_GADGET_ENABLED": "false"} for name, env in on.items()})
    try:
        desktop.by("skill").select_option("Sales")
        expect(desktop.by("gadget")).to_be_hidden()
    finally:
        _restart(system, on)


def _restart(system: Stack, environments: Mapping[str, Mapping[str, str]]) -> None:
    """With other settings. HAProxy sends requests to them again once it has checked them."""
    for name, env in environments.items():
        system[name].kill()
        system[name].env = env
        system[name].start()
    for name in environments:
        system[name].wait_ready()
    until(lambda: checks.servers_up(system.settings.stats_url).get("booking") == len(environments), what="both are up")


def _violations(desktop: Desktop) -> list[str]:
    """What axe-core calls serious or critical in the gadget's frame, each with one element."""
    gadget = desktop.by("gadget")
    gadget.evaluate(AXE.read_text() + ";")
    results = gadget.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in results["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
