"""What the worker's tests run against: the UCCE simulator over TLS, and its client."""

from collections.abc import Iterator

import pytest

from services.dialer_sync.ucce.client import UcceClient, UcceSettings
from tests.fakes.ucce.handle import UcceSimulator
from tests.integration.dialer_sync.desk import Desk
from tests.support.world import World

PARAMETERS = {
    "dialingMode": "PROGRESSIVEONLY", "linesPerAgent": 1, "maxAttempts": 1, "startTime": "00:00", "endTime": "23:59",
    "amdTreatmentMode": "transferToAgent",
}  # fmt: skip


@pytest.fixture(scope="package")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UcceSimulator]:
    with UcceSimulator(tmp_path_factory.mktemp("ucce")) as process:
        yield process


@pytest.fixture
def ucce(simulator: UcceSimulator) -> UcceSimulator:
    """An empty UCCE whose dialer rests."""
    simulator.control.reset()
    simulator.control.delay(0)
    simulator.control.queue(30)
    simulator.control.dialer(paused=True)
    return simulator


def settings_for(simulator: UcceSimulator, timeout: float = 2.0) -> UcceSettings:
    return UcceSettings(simulator.url, simulator.user, simulator.password, str(simulator.ca_file), timeout)


@pytest.fixture
def client(ucce: UcceSimulator) -> Iterator[UcceClient]:
    client = UcceClient(settings_for(ucce))
    yield client
    client.close()


@pytest.fixture
def desk(world: World, ucce: UcceSimulator) -> Iterator[Desk]:
    """A master with its campaign in UCCE already, and nothing due."""
    made = Desk(world, ucce)
    made.configure_campaign(parameters=PARAMETERS)
    assert made.cycle() == "1 campaigns in sync"
    yield made
    made.term.client.close()
