"""Each ZooKeeper vote by itself, and then the ensemble as the worker uses it: with a write."""

import socket
from collections.abc import Iterator, Mapping

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry

from deploy.doctor.finding import Finding, failed, ok, warning

TIMEOUT_SECONDS = 3.0  # for one server
NAME = "zookeeper"


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One line for each server of CM_ZOOKEEPER_HOSTS, one for the votes, one for a write."""
    servers = [server.strip() for server in environ.get("CM_ZOOKEEPER_HOSTS", "").split("/")[0].split(",")]
    if servers == [""]:
        yield failed(NAME, "CM_ZOOKEEPER_HOSTS is not set", "name all three servers: zk1:2181,zk2:2181,zk3:2181")
        return
    modes = {server: _mode(server) for server in servers}
    for server, mode in modes.items():
        yield _vote(server, mode)
    yield _votes(modes)
    yield _write(environ)


def _mode(server: str) -> str | None:
    """`leader`, `follower`, `standalone`; `not serving`; `silent` when srvr is not allowed; None: no connection."""
    host, _, port = server.rpartition(":")
    try:
        with socket.create_connection((host or server, int(port or 2181)), TIMEOUT_SECONDS) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.sendall(b"srvr")
            answer = b""
            while part := connection.recv(4096):
                answer += part
    except (OSError, ValueError):
        return None
    text = answer.decode(errors="replace")
    if "Mode: " in text:
        return text.split("Mode: ", 1)[1].split()[0]
    return "silent" if "whitelist" in text else "not serving"


def _vote(server: str, mode: str | None) -> Finding:
    check = f"{NAME} {server}"
    if mode is None:
        return failed(check, "no connection", "start it, and check its address, port and the firewall")
    if mode == "not serving":
        return failed(check, "it runs, but is in no quorum", "bring the other servers back; see its own log")
    if mode == "silent":
        return warning(
            check, "it answers, but does not tell its role", "add 4lw.commands.whitelist=srvr to its zoo.cfg"
        )
    return ok(check, mode)


def _votes(modes: Mapping[str, str | None]) -> Finding:
    up = sum(mode not in (None, "not serving") for mode in modes.values())
    if up * 2 <= len(modes):
        return failed(
            "zookeeper votes", f"{up} of {len(modes)} serve: no quorum, nobody is master", "bring one more server back"
        )
    if len(modes) == 1:
        return warning(
            "zookeeper votes", "one server: when it stops, nobody is master", "production needs three, on three hosts"
        )
    if len(modes) % 2 == 0:
        return warning("zookeeper votes", f"{len(modes)} servers tolerate no more than {len(modes) - 1}", "use three")
    if up < len(modes):
        return warning(
            "zookeeper votes", f"{up} of {len(modes)} serve: the next failure stops callbacks", "bring the other back"
        )
    return ok("zookeeper votes", f"all {len(modes)} serve")


def _write(environ: Mapping[str, str]) -> Finding:
    """Create and remove an ephemeral node beside the worker's own."""
    root = environ.get("CM_ZOOKEEPER_ROOT", "/campaign-manager").rstrip("/")
    client = KazooClient(
        environ["CM_ZOOKEEPER_HOSTS"], timeout=TIMEOUT_SECONDS, connection_retry=KazooRetry(max_tries=3, delay=0.1)
    )
    try:
        client.start(timeout=TIMEOUT_SECONDS)
        client.ensure_path_async(f"{root}/doctor").get(timeout=TIMEOUT_SECONDS)
        node = client.create_async(f"{root}/doctor/", ephemeral=True, sequence=True).get(timeout=TIMEOUT_SECONDS)
        client.delete_async(node).get(timeout=TIMEOUT_SECONDS)
    except (KazooException, KazooTimeoutError, OSError) as error:
        return failed(
            "zookeeper write",
            f"the ensemble took no write ({type(error).__name__})",
            "it needs a quorum; check the servers above, and the rights on CM_ZOOKEEPER_ROOT",
        )
    finally:
        client.stop()
        client.close()
    return ok("zookeeper write", f"an ephemeral node under {root} was made and removed")
