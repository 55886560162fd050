"""Fixtures of the worker's tests: the UCCE simulator over TLS and its client, masters, workers, electors."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.timing import Timing
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import UcceClient, UcceSettings
from shared.clock import utcnow
from shared.db import migrate, models
from shared.db.session import Database
from shared.web.auth import key_hash
from tests.integration.dialer_sync.electors import SESSION, StartElector, StartProcess
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
    """One simulator process for all tests of this folder; `ucce_simulator` gives it emptied."""
    with UcceSimulator(tmp_path_factory.mktemp("ucce"), ["--second-port", "0"]) as process:
        yield process


@pytest.fixture
def ucce_simulator(simulator: UcceSimulator) -> UcceSimulator:
    """The simulator without campaigns and contacts, its dialer paused."""
    simulator.control.reset()
    simulator.control.delay(0)
    simulator.control.queue(30)
    simulator.control.dialer(paused=True)
    return simulator


def settings_for(simulator: UcceSimulator, timeout: float = 2.0) -> UcceSettings:
    return UcceSettings(simulator.url, simulator.user, simulator.password, str(simulator.ca_file), timeout)


@pytest.fixture
def ucce_client(ucce_simulator: UcceSimulator) -> Iterator[UcceClient]:
    ucce_client = UcceClient(settings_for(ucce_simulator))
    yield ucce_client
    ucce_client.close()


@pytest.fixture
def campaign(ucce_client: UcceClient) -> int:
    return campaigns.create(ucce_client, DESIRED)


@pytest.fixture
def master(world: World, ucce_simulator: UcceSimulator) -> Iterator[MasterFixture]:
    """A master whose campaign is in UCCE already; no callback is due."""
    made = MasterFixture(world, ucce_simulator)
    made.configure_campaign(parameters=PARAMETERS)
    assert made.cycle() == "1 campaigns in sync"
    yield made
    made.context.client.close()


@pytest.fixture
def other_ucce_client(master: MasterFixture) -> Iterator[Client]:
    """A client of UCCE of its own, for changes that somebody else makes there."""
    ucce_client = Client(master.simulator)
    yield ucce_client
    ucce_client.session.close()


OPS_KEY = "ops-key-of-the-tests"


@pytest.fixture
def workers(
    tmp_path: Path, database_url: str, zookeeper_server: Server, ucce_simulator: UcceSimulator, observer: MasterFixture
) -> Iterator[WorkerProcesses]:
    """Workers to start on the database of `observer`."""
    made = WorkerProcesses(tmp_path, database_url, zookeeper_server, ucce_simulator, OPS_KEY)
    yield made
    made.close()


@pytest.fixture
def zookeeper_proxy(zookeeper_server: Server) -> Iterator[Proxy]:
    """A proxy between one node and ZooKeeper."""
    host, _, port = zookeeper_server.address.rpartition(":")
    with proxy_to(host, int(port)) as proxy:
        yield proxy


@pytest.fixture
def observer(database: Database, ucce_simulator: UcceSimulator) -> MasterFixture:
    """The database and UCCE of real workers, at the present time. It runs no cycle: it adds and reads rows."""
    made = MasterFixture(_current_world(database), ucce_simulator, Clock(utcnow()))
    made.configure_campaign(parameters=PARAMETERS)
    return made


def _current_world(database: Database) -> World:
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
) -> Iterator[WorkerProcess]:
    """One master, shared by the tests of a module that only read from it."""
    folder = tmp_path_factory.mktemp("workers-one")
    path = folder / "campaign-manager.db"
    with closing(Database(f"sqlite:///{path}")) as database:
        migrate.upgrade(database)
        _current_world(database)
    made = WorkerProcesses(folder, f"sqlite:///{path}", zookeeper_server, simulator, OPS_KEY)
    worker = made.start("one")
    until(worker.is_master, timeout=15)
    yield worker
    made.close()


@pytest.fixture
def election_root() -> str:
    """A ZooKeeper path that no other test uses."""
    return f"/test-{uuid.uuid4().hex}"


@pytest.fixture
def start_elector(zookeeper_server: Server, election_root: str) -> Iterator[StartElector]:
    """start_elector("node-a") → an Elector that takes part in the election; all are stopped at the end."""
    started: list[Elector] = []

    def begin(
        node: str, session: float = SESSION, ucce_timeout: float = 0.2, hosts: str = zookeeper_server.address
    ) -> Elector:
        elector = Elector(hosts, election_root, node, Timing.of(session), ucce_timeout)
        elector.start()
        started.append(elector)
        return elector

    yield begin
    for elector in started:
        elector.stop()


@pytest.fixture
def start_process(zookeeper_server: Server, election_root: str) -> Iterator[StartProcess]:
    """start_process("node-a") → an elector in a process of its own, to be asked with `electors.ask`."""
    started: list[subprocess.Popen[str]] = []

    def begin(node: str) -> "subprocess.Popen[str]":
        command = [
            sys.executable,
            "-m",
            "tests.integration.dialer_sync.elector_process",
            zookeeper_server.address,
            election_root,
            node,
            str(SESSION),
        ]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1))
        return started[-1]

    yield begin
    for child in started:
        child.kill()
        child.communicate()
