"""A system with the gadget on, a browser, and an agent of each test's own."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from deploy.sandbox.finesse.control_client import Control
from deploy.sandbox.process import ROOT
from deploy.sandbox.stack import Stack
from tests.e2e.gadget.desktop import TIMEOUT_MILLISECONDS, Agent, Desktop
from tests.servers import sources
from tests.servers.stacks import running_stack

OpenDesktop = Callable[..., Desktop]
BUILT = ROOT / "services" / "finesse_gadget" / "dist"
expect.set_options(timeout=TIMEOUT_MILLISECONDS)
_NUMBERS = itertools.count(2001)


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system with the gadget on, beside the Finesse fake; it ends before the portal's tests start theirs."""
    sources.need_local_stack()
    assert (BUILT / "callback.xml").exists(), "the gadget is not built: make gadget"
    settings = {"CM_GADGET_ENABLED": "true", "CM_SYNC_INTERVAL": "1", "CM_GADGET_QUEUES": "UCM_PIM.Billing.SG=Billing"}
    with running_stack(tmp_path_factory.mktemp("gadget"), settings) as running:
        yield running


@pytest.fixture(scope="package")
def finesse(system: Stack) -> Iterator[Control]:
    """The fake's controls."""
    control = Control(system.settings.finesse_urls[0], Path(system.settings.environment["CM_FINESSE_CA_FILE"]))
    yield control
    control.close()


@pytest.fixture
def agent(finesse: Control) -> Agent:
    """An agent whom no other test knows."""
    number = next(_NUMBERS)
    agent = Agent(str(number), f"Pass-Word-{number}!")
    finesse.agent(agent.id, password=agent.password, firstName="Ada", lastName="Byron", extension=f"3{number}")
    return agent


@pytest.fixture
def open_desktop(system: Stack, browser: Browser, agent: Agent) -> Iterator[OpenDesktop]:
    """open_desktop() → the agent's desktop at the first node; `locale`, `theme`, `sso`.

    What the policy of the page stopped, or an error in the console, fails the test.
    """
    opened: list[Desktop] = []

    def open_(*, locale: str = "en_GB", theme: str = "light", sso: bool = False) -> Desktop:
        url = system.settings.finesse_urls[0]
        opened.append(Desktop(browser, url, agent, locale=locale, theme=theme, sso=sso))
        return opened[-1]

    yield open_
    violations = [one for desktop in opened for one in desktop.violations()]
    complaints = [one for desktop in opened for one in desktop.complaints.heard]
    for desktop in opened:
        desktop.close()
    assert (violations, complaints) == ([], [])
