"""A system, a browser, and people of each role for the tests of the portal."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.sandbox.stack import Stack
from tests.e2e.portal.browser import WIDE, Complaints
from tests.e2e.portal.people import AdminApi, Person, make_administrator
from tests.servers import sources
from tests.servers.stacks import running_stack

Open = Callable[..., Page]
TIMEOUT_MILLISECONDS = 20_000  # the machine may be busy with other tests
expect.set_options(timeout=TIMEOUT_MILLISECONDS)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system with a short cycle, so that UCCE hears of a change soon."""
    sources.need_local_stack()
    with running_stack(tmp_path_factory.mktemp("portal"), {"CM_SYNC_INTERVAL": "1"}) as running:
        yield running


@pytest.fixture(scope="session")
def administrator(system: Stack) -> Person:
    return make_administrator(system.env, "anna")


@pytest.fixture(scope="session")
def api(system: Stack, administrator: Person) -> AdminApi:
    """A session of the administrator with the admin API, beside the browser's."""
    return AdminApi(system.url, administrator)


@pytest.fixture
def open_page(system: Stack, browser: Browser, api: AdminApi) -> Iterator[Open]:
    """open_page("/today") → the page, as the administrator; `as_` another session, `size` another window.

    An error in the console of any of these pages fails the test.
    """
    contexts = []
    heard = []

    def open_(path: str, *, as_: AdminApi | None = api, size: tuple[int, int] = WIDE) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        contexts.append(context)
        if as_:
            host = urlsplit(system.url).hostname or ""
            context.add_cookies([{"name": "cm_session", "value": as_.cookie, "domain": host, "path": "/"}])
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        heard.append(Complaints(page))
        page.goto(system.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for complaints in heard for text in complaints.heard] == []
