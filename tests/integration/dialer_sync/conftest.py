"""What the worker's tests run against: the UCCE simulator over TLS, and its client."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import UcceClient, UcceSettings
from shared.clock import utcnow
from shared.db import models
from shared.db.session import Database
from shared.web.auth import key_hash
from tests.integration.dialer_sync.master_fixture import Clock, MasterFixture
from tests.integration.dialer_sync.samples import DESIRED
from tests.integration.dialer_sync.worker_processes import WorkerProcess, WorkerProcesses
from tests.integration.ucce_simulator.client import Client
from tests.servers.sources import Server
from tests.support.configured_database import World, build_world
from tests.support.proxy import Proxy, proxy_to
from tests.support.until import until

PARAMETERS = {
    "dialingMode": "PROGRESSIVEONLY", "linesPerAgent": 1, "startTime": "00:00", "endTime": "23:59",
    "amdTreatmentMode": "transferToAgent",
}  # fmt: skip


@pytest.fixture(scope="package")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UcceSimulator]:
    with UcceSimulator(tmp_path_factory.mktemp("ucce"), ["--second-port", "0"]) as process:
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
def campaign(client: UcceClient) -> int:
    return campaigns.create(client, DESIRED)


@pytest.fixture
def master(world: World, ucce: UcceSimulator) -> Iterator[MasterFixture]:
    """A master with its campaign in UCCE already, and nothing due."""
    made = MasterFixture(world, ucce)
    made.configure_campaign(parameters=PARAMETERS)
    assert made.cycle() == "1 campaigns in sync"
    yield made
    made.context.client.close()


@pytest.fixture
def outsider(master: MasterFixture) -> Iterator[Client]:
    """Somebody else who works in UCCE."""
    client = Client(master.simulator)
    yield client
    client.session.close()


OPS_KEY = "ops-key-of-the-tests"


@pytest.fixture
def workers(
    tmp_path: Path, database_url: str, zookeeper_server: Server, ucce: UcceSimulator, observer: MasterFixture
) -> Iterator[WorkerProcesses]:
    """Workers to start on the database of `observer`."""
    made = WorkerProcesses(tmp_path, database_url, zookeeper_server, ucce, OPS_KEY)
    yield made
    made.close()


@pytest.fixture
def zookeeper_proxy(zookeeper_server: Server) -> Iterator[Proxy]:
    """One node's way to ZooKeeper."""
    host, _, port = zookeeper_server.address.rpartition(":")
    with proxy_to(host, int(port)) as proxy:
        yield proxy


@pytest.fixture
def observer(database: Database, ucce: UcceSimulator) -> MasterFixture:
    """A world of today, worked on by real workers; this one runs no cycle, it only looks and adds."""
    made = MasterFixture(_live_world(database), ucce, Clock(utcnow()))
    made.configure_campaign(parameters=PARAMETERS)
    return made


def _live_world(database: Database) -> World:
    now = utcnow()
    world = build_world(database, now=now)
    world.add(
        models.ApiClient, name="ops", key_hash=key_hash(OPS_KEY), key_hint="ests", scopes=["ops"], enabled=True,
        version=1, changed_at=now,
    )  # fmt: skip
    return world


@pytest.fixture(scope="module")
def one_worker(
    tmp_path_factory: pytest.TempPathFactory,
    zookeeper_server: Server,
    simulator: UcceSimulator,
    _template: Path,
) -> Iterator[WorkerProcess]:
    """One master, shared by tests that only ask it."""
    folder = tmp_path_factory.mktemp("workers-one")
    path = folder / "campaign-manager.db"
    shutil.copyfile(_template, path)
    with closing(Database(f"sqlite:///{path}")) as database:
        _live_world(database)
    made = WorkerProcesses(folder, f"sqlite:///{path}", zookeeper_server, simulator, OPS_KEY)
    worker = made.start("one")
    until(worker.is_master, timeout=15)
    yield worker
    made.close()
