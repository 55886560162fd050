"""`python -m tests.e2e.portal.screenshots FOLDER [PAGE …]`: pictures of every page, wide and narrow, light and dark.

Starts a system of its own with a demo and its history, and adds a busy day of bookings.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.e2e.portal.bookings import book_a_busy_day
from tests.e2e.portal.browser import NARROW, WIDE, chromium, log_in
from tests.e2e.portal.people import AdminApi, Person, make_administrator
from tests.servers.stacks import running_stack

Scheme = Literal["light", "dark"]
SETTLED = 700  # ms until a page's last animation has ended

PAGES = {
    "today": "/today",
    "callbacks": "/callbacks",
    "callback": "/callbacks/{callback}",
    "daily-schedules": "/daily-schedules",
    "daily-schedule": "/daily-schedules/{daily}",
    "weekly-schedules": "/weekly-schedules",
    "weekly-schedule": "/weekly-schedules/{weekly}",
    "skill-schedules": "/skill-schedules",
    "skill-schedule": "/skill-schedules/{assignment}",
    "skills": "/skills",
    "skill": "/skills/{skill}",
    "campaigns": "/campaigns",
    "campaign": "/campaigns/{campaign}",
    "do-not-call": "/do-not-call",
    "erasures": "/erasures",
    "reports": "/reports/scheduled",
    "users": "/users",
    "user": "/users/{user}",
    "api-clients": "/api-clients",
    "api-client": "/api-clients/{client}",
    "settings": "/settings",
    "audit-log": "/audit-log",
    "system": "/system",
    "password": "/password",
}


def take(url: str, person: Person, folder: Path, chosen: list[str]) -> None:
    """Pictures of the chosen pages (of all, when none is) of the system at `url`."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = examples(AdminApi(url, person))
    with chromium() as browser:
        for size, (width, height) in {"wide": WIDE, "narrow": NARROW}.items():
            for scheme in ("light", "dark"):
                with _signed_in(browser, url, person, width, height, scheme) as page:
                    for name, path in PAGES.items():
                        if not chosen or name in chosen:
                            page.goto(url + path.format(**ids), wait_until="load")
                            page.wait_for_timeout(SETTLED)
                            page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")
                    if not chosen:
                        page.context.clear_cookies()
                        page.goto(f"{url}/login")
                        page.wait_for_timeout(SETTLED)
                        page.screenshot(path=folder / f"login-{size}-{scheme}.png")


@contextmanager
def _signed_in(browser: Browser, url: str, person: Person, width: int, height: int, scheme: Scheme) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    log_in(page, url, person.name, person.password)
    try:
        yield page
    finally:
        context.close()


def examples(api: AdminApi) -> dict[str, str]:
    """The path of one resource of each kind that has a page of its own."""
    lists = {"daily": "/daily-schedules", "weekly": "/weekly-schedules", "assignment": "/skill-schedules",
             "skill": "/skills", "campaign": "/campaigns", "user": "/users", "client": "/api-clients"}  # fmt: skip
    found = {name: str(_first(api, path)["id"]) for name, path in lists.items()}
    told = api.call("GET", "/callbacks?pageSize=1&status=completed")[
        "items"
    ]  # a completed one has the longest timeline
    callback = told[0] if told else _first(api, "/callbacks")
    return found | {"callback": str(callback["accountNumber"])}


def _first(api: AdminApi, path: str) -> dict[str, object]:
    items = api.call("GET", f"{path}?pageSize=1")["items"]
    assert isinstance(items, list)
    return items[0] if items else {"id": "new", "accountNumber": "none"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.portal.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=", ".join(PAGES))
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as var,
        running_stack(Path(var), {"CM_SYNC_INTERVAL": "2", "CM_DEMO_HISTORY": "true"}, say=print) as stack,
    ):
        person = make_administrator(stack.env, "anna")
        book_a_busy_day(stack.url, stack.env["CM_IVR_KEY"])
        take(stack.url, person, arguments.folder, arguments.pages)
    print(f"The pictures are in {arguments.folder}.")


if __name__ == "__main__":
    main()
