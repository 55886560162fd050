"""One browser for all tests of a worker: Playwright starts once in a thread."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.portal.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running
