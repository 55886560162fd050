"""Debian's Chromium, driven by Playwright: no browser is downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Page, sync_playwright

CHROME = os.environ.get("CHROME_BIN", "/usr/bin/chromium")
WIDE = (1366, 768)
NARROW = (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Raises playwright's Error when there is none: `make browser` installs it."""
    with sync_playwright() as playwright:
        # Its own sandbox needs rights that a container's root does not have; it shows only pages of ours.
        browser = playwright.chromium.launch(executable_path=CHROME, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


class Complaints:
    """Errors in a page's console, including everything that the content security policy blocked."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        page.on("pageerror", self._error)
        page.on("console", lambda message: self._said(message.type, message.text))

    def _error(self, error: Error) -> None:
        self.heard.append(str(error))

    def _said(self, kind: str, text: str) -> None:
        # Many tests cause a refused request on purpose, and check that the page shows it.
        if kind == "error" and "Failed to load resource" not in text:
            self.heard.append(text)


def log_in(page: Page, url: str, name: str, password: str, to: str = "/today") -> None:
    """Sign in through the sign-in page and go on to the path `to`."""
    page.goto(f"{url}{to}")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{to}")
