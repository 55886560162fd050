"""The election on a ZooKeeper that strangers reach too: credentials, ACLs and TLS, on the real server."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from environs import Env
from kazoo.client import KazooClient
from kazoo.exceptions import KazooException
from kazoo.security import OPEN_ACL_UNSAFE

from deploy.sandbox import checks, ports, servers
from deploy.sandbox.packages import SLF4J_JAR, ZOOKEEPER_JAR
from deploy.sandbox.process import Process
from deploy.self_signed import self_signed
from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.timing import Timing
from services.dialer_sync.election.zookeeper_access import OPEN, ZooKeeperAccess, zookeeper_access
from shared.config import BadSetting
from tests.servers import sources
from tests.servers.sources import Server
from tests.support.until import until

OWNER = ZooKeeperAccess("campaign-manager", "a long password")
SESSION = 4.0


@pytest.fixture
def root() -> str:
    return f"/test-{uuid.uuid4().hex}"


def elector(hosts: str, root: str, node: str, access: ZooKeeperAccess) -> Elector:
    return Elector(hosts, root, node, Timing.of(SESSION), 0.2, access=access)


def attack(stranger: KazooClient, root: str) -> list[str]:
    """Try everything with which a client without credentials could stop an election; returns what succeeded."""
    achieved = []
    attempts: dict[str, Callable[[], object]] = {
        "see the lock": lambda: stranger.get_children(f"{root}/master"),
        "take the lock": lambda: stranger.create(f"{root}/master/0000000000", b"x"),
        "count": lambda: stranger.set(f"{root}/hand_overs", b"999999"),
        "delete": lambda: stranger.delete(root, recursive=True),
        "own": lambda: stranger.set_acls(root, OPEN_ACL_UNSAFE),
        "make": lambda: stranger.create(f"{root}/x"),
    }
    for name, attempt in attempts.items():
        try:
            attempt()
        except KazooException:
            continue
        achieved.append(name)
    return achieved


@pytest.mark.parametrize("before", [False, True], ids=["new nodes", "nodes that an open version made"])
def test_a_stranger_cannot_touch_the_election(zookeeper_server: Server, root: str, before: bool) -> None:
    if before:
        earlier = elector(zookeeper_server.address, root, "old", OPEN)
        earlier.start()
        until(earlier.is_leader)
        earlier.stop()
    master = elector(zookeeper_server.address, root, "a", OWNER)
    stranger = KazooClient(zookeeper_server.address)
    stranger.add_auth_async("digest", "campaign-manager:a guess")
    master.start()
    try:
        until(master.is_leader)
        stranger.start()
        assert attack(stranger, root) == []
        assert master.is_leader()
    finally:
        stranger.stop()
        stranger.close()
        master.stop()


def test_another_nodes_credentials_must_be_the_same_and_it_says_so(zookeeper_server: Server, root: str) -> None:
    master, other = (
        elector(zookeeper_server.address, root, "a", OWNER),
        elector(zookeeper_server.address, root, "b", ZooKeeperAccess("campaign-manager", "mistyped")),
    )
    master.start()
    try:
        until(master.is_leader)
        other.start()
        until(lambda: "CM_ZOOKEEPER_PASSWORD" in (other.problem or ""))
        assert not other.is_leader()
    finally:
        other.stop()
        master.stop()


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(address, certificate) of a ZooKeeper that speaks only TLS and asks for a client's certificate."""
    sources.need_local_stack()
    certificate, key = self_signed("ZooKeeper")
    (tmp_path / "ca.pem").write_text(certificate)
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "server.pem").write_text(key + certificate)
    port, config, log = ports.free_port(), tmp_path / "zoo.cfg", tmp_path / "zookeeper.log"
    store = tmp_path / "server.pem"
    lines = [
        f"secureClientPort={port}", f"dataDir={tmp_path}/data", "tickTime=500", "minSessionTimeout=1000",
        "admin.enableServer=false", "4lw.commands.whitelist=srvr",
        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
        f"ssl.keyStore.location={store}", "ssl.keyStore.type=PEM",
        f"ssl.trustStore.location={tmp_path}/ca.pem", "ssl.trustStore.type=PEM",
        "ssl.hostnameVerification=false", "ssl.clientAuth=need",
    ]  # fmt: skip
    config.write_text("\n".join(lines) + "\n")
    classes = ":".join(map(str, (ZOOKEEPER_JAR, SLF4J_JAR, *sorted(Path("/usr/share/java").glob("netty-*.jar")))))
    command = ["java", "-Xmx128m", "-cp", classes, "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(config)]
    process = Process("zookeeper", command, log, lambda: checks.tcp_answers(port, b"x" * 100, b""), servers.PLAIN_ENV)
    process.start()
    try:
        process.wait_ready()
        yield f"localhost:{port}", tmp_path / "ca.pem"
    finally:
        process.stop()


def doctor(environ: dict[str, str]) -> dict[str, str]:
    """Verdicts by check. A process of its own: kazoo leaves the sockets of failed handshakes to the collector."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.doctor", "--json", "--only", "zookeeper"],
        env=environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert OWNER.password not in done.stdout + done.stderr
    return {one["check"]: one["verdict"] for one in json.loads(done.stdout)["findings"]}


def test_the_election_runs_over_tls_and_doctor_sees_it(tls_server: tuple[str, Path], root: str) -> None:
    address, ca_file = tls_server
    own = {"certificate_file": str(ca_file), "key_file": str(ca_file.with_name("key.pem"))}
    access = ZooKeeperAccess(OWNER.user, OWNER.password, tls=True, ca_file=str(ca_file), **own)
    master = elector(address, root, "a", access)
    master.start()
    try:
        until(master.is_leader, 20)
        environ = bare() | {
            "CM_ZOOKEEPER_HOSTS": address, "CM_ZOOKEEPER_ROOT": root, "CM_ZOOKEEPER_USER": OWNER.user,
            "CM_ZOOKEEPER_PASSWORD": OWNER.password, "CM_ZOOKEEPER_TLS": "true", "CM_ZOOKEEPER_CA_FILE": str(ca_file),
            "CM_ZOOKEEPER_CERTIFICATE_FILE": own["certificate_file"], "CM_ZOOKEEPER_KEY_FILE": own["key_file"],
        }  # fmt: skip
        assert doctor(environ) == {f"zookeeper {address}": "ok", "zookeeper votes": "warning", "zookeeper write": "ok"}
        del environ["CM_ZOOKEEPER_CA_FILE"]  # then the server is not trusted, and gets no password
        assert doctor(environ)["zookeeper write"] == "failed"
    finally:
        master.stop()


def bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CM_")}


def test_doctor_warns_of_an_open_ensemble_beyond_this_machine() -> None:
    found = doctor(bare() | {"CM_ZOOKEEPER_HOSTS": "192.0.2.1:2181"})
    assert (found["zookeeper rights"], found["zookeeper tls"]) == ("warning", "warning")


def test_doctor_finds_nodes_that_are_still_open(zookeeper_server: Server, root: str) -> None:
    environ = bare() | {"CM_ZOOKEEPER_HOSTS": zookeeper_server.address, "CM_ZOOKEEPER_ROOT": root}
    owned = environ | {"CM_ZOOKEEPER_USER": OWNER.user, "CM_ZOOKEEPER_PASSWORD": OWNER.password}
    client = KazooClient(zookeeper_server.address)
    client.start()
    try:
        client.ensure_path(f"{root}/master")
        assert doctor(owned)["zookeeper write"] == "failed"
    finally:
        client.stop()
        client.close()
    new = {"CM_ZOOKEEPER_ROOT": f"{root}-new"}
    assert doctor(owned | new)["zookeeper write"] == "ok"
    assert doctor(environ | new)["zookeeper write"] == "failed"  # it is the owner's now


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"CM_ZOOKEEPER_USER": "cm"}, "both or neither"),
        ({"CM_ZOOKEEPER_PASSWORD": "x"}, "both or neither"),
        ({"CM_ZOOKEEPER_USER": "a:b", "CM_ZOOKEEPER_PASSWORD": "x"}, "colon"),
        ({"CM_ZOOKEEPER_CA_FILE": "/x.pem"}, "CM_ZOOKEEPER_TLS"),
        ({"CM_ZOOKEEPER_TLS": "true", "CM_ZOOKEEPER_CA_FILE": "/x.pem"}, "not a file"),
        ({"CM_ZOOKEEPER_TLS": "true", "CM_ZOOKEEPER_KEY_FILE": "/x.pem"}, "both or neither"),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], problem: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=problem):
        zookeeper_access(Env())


def test_credentials_are_never_printed() -> None:
    assert OWNER.password not in repr(OWNER)
