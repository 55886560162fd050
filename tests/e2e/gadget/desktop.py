"""An agent's desktop in the browser, with the gadget in its frame."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, Request

from tests.e2e.portal.browser import Complaints

TIMEOUT_MILLISECONDS = 20_000  # the machine may be busy with other tests

# In every frame from its first script on: what the policy stopped, how often a person pressed, and when a call's event
# came and the answered callback was shown.
_WATCH = """
window.watched = {violations: [], presses: 0, dialogAt: 0, answeredAt: 0};
addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
  watched.violations.push(`${violatedDirective} ${blockedURI}`));
addEventListener('pointerdown', () => { watched.presses += 1; }, true);
addEventListener('message', ({data}) => {
  if (data.finesse?.topic === 'dialog' && data.finesse.event === 'POST') watched.dialogAt = performance.now();
});
addEventListener('DOMContentLoaded', () => {
  const answered = document.getElementById('answered');
  if (answered) new MutationObserver(() => {
    if (!answered.hidden) watched.answeredAt = performance.now();
  }).observe(answered, {attributes: true, attributeFilter: ['hidden']});
});
"""


@dataclass(frozen=True)
class Agent:
    id: str
    password: str


class Desktop:
    """Signed in, with the gadget loaded or loading. `sent` are the browser's requests."""

    def __init__(self, browser: Browser, url: str, agent: Agent, *, locale: str, theme: str, sso: bool) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 1000}, ignore_https_errors=True, reduced_motion="reduce"
        )
        self.context.add_init_script(_WATCH)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(TIMEOUT_MILLISECONDS)
        self.complaints = Complaints(self.page)
        self.sent: list[Request] = []
        # Playwright marks a handler, which a method of a list cannot be.
        self.page.on("request", lambda request: self.sent.append(request))  # noqa: PLW0108
        self.page.goto(f"{url}/desktop/container/")
        self.page.get_by_label("Agent id").fill(agent.id)
        self.page.get_by_label("Password").fill(agent.password)
        self.page.get_by_label("Locale").fill(locale)
        self.page.get_by_label("Theme").select_option(theme)
        self.page.get_by_label("Single sign-on").set_checked(sso)
        self.page.get_by_role("button", name="Sign in").click()

    @property
    def gadget(self) -> FrameLocator:
        return self.page.frame_locator("#gadget")

    def by(self, id: str) -> Locator:
        """An element of the gadget."""
        return self.gadget.locator(f"#{id}")

    @property
    def times(self) -> Locator:
        """The free times that can be chosen."""
        return self.gadget.locator(".times label:has(input:enabled)")

    def watched(self) -> dict[str, Any]:
        """Of the gadget's frame."""
        found: dict[str, Any] = self.by("gadget").evaluate("() => window.watched")
        return found

    def violations(self) -> list[str]:
        """What the content security policy stopped, in any frame."""
        found = [frame.evaluate("() => window.watched?.violations ?? []") for frame in self.page.frames]
        return [one for many in found for one in many]

    def close(self) -> None:
        self.context.close()
