"""`python -m tests.e2e.gadget.screenshots FOLDER`: pictures of the Finesse gadget, from a system of its own."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from deploy.sandbox.finesse.control_client import Control
from deploy.sandbox.stack import Stack
from tests.e2e.gadget.desktop import Agent, Desktop
from tests.e2e.gadget.test_booking import QUEUE
from tests.e2e.portal.bookings import book_a_busy_day
from tests.e2e.portal.browser import chromium
from tests.servers.stacks import running_stack

CALLER = "+12125550142"  # in New York; the skill's times are Chicago's


def take(stack: Stack, folder: Path) -> None:
    """A call that is about to be booked, and the confirmation."""
    folder.mkdir(parents=True, exist_ok=True)
    finesse = Control(stack.settings.finesse_urls[0], Path(stack.settings.environment["CM_FINESSE_CA_FILE"]))
    with chromium() as browser:
        for number, theme in enumerate(("light", "dark")):
            agent = Agent(str(1050 + number), "picture")
            finesse.agent(agent.id, password=agent.password, extension=str(3050 + number))
            desktop = Desktop(browser, stack.settings.finesse_urls[0], agent, locale="en_US", theme=theme, sso=False)
            expect(desktop.by("form")).to_be_visible()
            finesse.call_in(agent.id, CALLER.replace("42", f"4{number}"), QUEUE)
            desktop.by("first-name").fill("Maria")
            desktop.by("last-name").fill("Lopez")
            desktop.by("note").fill("Invoice 7, prefers the afternoon")
            desktop.times.nth(4).click()
            desktop.page.locator("section").screenshot(path=folder / f"gadget-{theme}.png")
            desktop.by("book").click()
            expect(desktop.by("done-reference")).to_be_visible()
            desktop.page.locator("section").screenshot(path=folder / f"gadget-booked-{theme}.png")
            desktop.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.gadget.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    settings = {"CM_GADGET_ENABLED": "true", "CM_GADGET_QUEUES": f"{QUEUE}=Billing"}
    with tempfile.TemporaryDirectory() as var, running_stack(Path(var), settings, say=print) as stack:
        book_a_busy_day(stack.url, stack.env["CM_IVR_KEY"], ("Billing",))
        take(stack, folder)
    print(f"The pictures are in {folder}.")


if __name__ == "__main__":
    main()
