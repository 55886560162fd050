"""Fixtures with real servers on free loopback ports; tests/servers/sources.py starts or finds them.

A shared server lives for the session; a test that stops or kills one asks for its own (`own_redis`, `own_zookeeper`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.sandbox.finesse.handle import FinesseFake
from deploy.sandbox.stack import Stack
from tests.servers import sources
from tests.servers.oidc import OidcServer
from tests.servers.slapd import Slapd
from tests.servers.sources import Server
from tests.servers.stacks import running_stack
from tests.servers.syslog import Rsyslog
from tests.support.databases import database_settings

StartStack = Callable[..., Stack]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis that the tests of a worker share: keep keys apart, do not stop it. `address` is a URL."""
    with sources.redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Server]:
    """A Redis of this test alone."""
    with sources.redis(tmp_path / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def zookeeper_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A ZooKeeper that the tests of a worker share: use a root of your own. `address` is a hosts string."""
    with sources.zookeeper(tmp_path_factory.mktemp("zookeeper")) as server:
        yield server


@pytest.fixture
def own_zookeeper(tmp_path: Path) -> Iterator[Server]:
    """A ZooKeeper of this test alone."""
    with sources.zookeeper(tmp_path / "zookeeper") as server:
        yield server


@pytest.fixture
def zookeeper_ensemble(tmp_path: Path) -> Iterator[list[Server]]:
    """Three ZooKeepers of this test alone; the hosts string is their addresses joined by commas."""
    with sources.zookeeper_ensemble(tmp_path / "ensemble") as servers:
        yield servers


@pytest.fixture(scope="session")
def finesse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinesseFake]:
    """Both Finesse nodes, which the tests of a worker share: let them be up again."""
    with FinesseFake(tmp_path_factory.mktemp("finesse")) as running:
        yield running


@pytest.fixture(scope="session")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    """An LDAP directory that the tests of a worker share: add people and groups of your own, do not stop it."""
    with sources.slapd(tmp_path_factory.mktemp("slapd") / "shared") as server:
        yield server


@pytest.fixture
def own_slapd(tmp_path: Path) -> Iterator[Slapd]:
    """An LDAP directory of this test alone."""
    with sources.slapd(tmp_path / "slapd") as server:
        yield server


@pytest.fixture(scope="session")
def oidc_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcServer]:
    """An OpenID Connect provider that the tests of a worker share: use people of your own, do not stop it."""
    with sources.oidc(tmp_path_factory.mktemp("oidc") / "shared") as server:
        yield server


@pytest.fixture
def own_oidc_server(tmp_path: Path) -> Iterator[OidcServer]:
    """An OpenID Connect provider of this test alone."""
    with sources.oidc(tmp_path / "oidc") as server:
        yield server


@pytest.fixture
def rsyslog(tmp_path: Path) -> Iterator[Rsyslog]:
    """A syslog server of this test alone."""
    with sources.rsyslog(tmp_path / "rsyslog") as server:
        yield server


@pytest.fixture
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartStack]:
    """start_stack({"CM_SYNC_INTERVAL": "1"}, overrides={"worker-1": {…}}) → a running Stack of this test alone."""
    sources.need_local_stack()
    with ExitStack() as started:

        def start(
            settings: Mapping[str, str] | None = None, overrides: Mapping[str, Mapping[str, str]] | None = None
        ) -> Stack:
            var = tmp_path_factory.mktemp("stack")
            database = started.enter_context(database_settings())
            return started.enter_context(running_stack(var, {**database, **(settings or {})}, overrides=overrides))

        yield start


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system, shared by the tests that break nothing in it."""
    sources.need_local_stack()
    with (
        database_settings() as database,
        running_stack(tmp_path_factory.mktemp("stack"), database) as running,
    ):
        yield running
