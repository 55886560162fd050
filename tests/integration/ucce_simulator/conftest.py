"""One simulator process for the package, wiped for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from tests.integration.ucce_simulator.client import Client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="package")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UcceSimulator]:
    with UcceSimulator(tmp_path_factory.mktemp("ucce")) as simulator:
        yield simulator


@pytest.fixture
def ucce_client(simulator: UcceSimulator) -> Iterator[Client]:
    """A client of the shared simulator, which is empty and whose dialer is paused."""
    simulator.control.reset()
    simulator.control.queue(30)
    simulator.control.dialer(paused=True)
    client = Client(simulator)
    yield client
    client.session.close()


@pytest.fixture
def own_ucce_client(tmp_path: Path) -> Iterator[Client]:
    """A client of a simulator of the test's own, to be killed and restarted; its dialer is paused."""
    with UcceSimulator(tmp_path / "ucce", paused=True) as simulator:
        client = Client(simulator)
        yield client
        client.session.close()
