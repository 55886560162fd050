"""The portal in Chromium with many callbacks: the time until pages show their rows, and the longest tasks."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.bench.report import Check, at_most
from tests.e2e.portal.browser import WIDE, chromium
from tests.e2e.portal.people import AdminApi

LOADS = 5
SLOWER = 4
# The element that tells that the page is loaded, and how many of them.
PAGES = {
    "today": ("/today", "cm-pool-day", 16),
    "today, all 200 skills": ("/today", "cm-pool-day", 200),
    "callbacks": ("/callbacks", "table.list tbody tr", 50),
    "callbacks, oldest first": ("/callbacks?sort=start", "table.list tbody tr", 50),
    "callbacks of a month": ("/callbacks?from=2026-10-01&to=2026-10-31", "table.list tbody tr", 50),
    "callbacks, 10,000 deep": ("/callbacks?page=201", "table.list tbody tr", 50),
    "skills": ("/skills", "table.list tbody tr", 50),
}
_WATCH = """
window.tasks = [];
new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({duration}) => duration)))
  .observe({type: 'longtask', buffered: true});
"""
_SHOWN = "([what, count]) => document.querySelectorAll(what).length >= count"


def measure(url: str, api: AdminApi) -> tuple[dict[str, Any], list[Check]]:
    """Milliseconds from navigation to rows (best of LOADS, to leave out other programs' load) and the longest tasks."""
    found: dict[str, Any] = {}
    checks: list[Check] = []
    with chromium() as browser:
        for rate in (1, SLOWER):
            page = _signed_in(browser, url, api, rate)
            for name, (path, what, count) in PAGES.items():
                shown = [_shown_after(page, url + path, what, count) for _ in range(LOADS)]
                longest = _longest_task(page, refresh=path == "/today")
                found[f"{name}, {rate}×"] = {"shown_ms": shown, "longest_task_ms": longest}
                print(f"    {name}, {rate}×: shown after {min(shown):.0f} ms (worst {max(shown):.0f}), "
                      f"longest task while used {longest:.0f} ms", flush=True)  # fmt: skip
                if rate == SLOWER:
                    checks.append(
                        at_most(f"{name}: rows shown, {rate}× slower, best of {LOADS}", min(shown), 2000, "ms")
                    )
                else:
                    checks.append(at_most(f"{name}: longest task while scrolled and refreshed", longest, 200, "ms"))
            page.context.close()
    return found, checks


def _signed_in(browser: Browser, url: str, api: AdminApi, rate: int) -> Page:
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    host = urlsplit(url).hostname or ""
    context.add_cookies([{"name": "cm_session", "value": api.cookie, "domain": host, "path": "/"}])
    context.add_init_script(_WATCH)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return page


def _shown_after(page: Page, address: str, what: str, count: int) -> float:
    """Milliseconds from the navigation until the rows are laid out and painted."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(_SHOWN, arg=[what, count], polling="raf")
    shown: float = page.evaluate("new Promise((done) => requestAnimationFrame(() => done(performance.now())))")
    return shown


def _longest_task(page: Page, *, refresh: bool) -> float:
    """Milliseconds of the longest task while the page is scrolled to its end and back, and refreshed."""
    page.evaluate("window.tasks.length = 0")
    page.mouse.move(700, 500)
    for step in (400, -400):
        for _ in range(15):
            page.mouse.wheel(0, step)
            page.wait_for_timeout(30)
    if refresh:
        for _ in range(3):
            with page.expect_response("**/live"):
                page.get_by_role("button", name="Refresh").click()
            page.wait_for_timeout(300)
    tasks: list[float] = page.evaluate("window.tasks")
    return max(tasks, default=0.0)
