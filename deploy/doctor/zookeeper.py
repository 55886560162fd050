"""Each ZooKeeper vote by itself, and then the ensemble as the worker uses it: with a write."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from environs import Env, EnvError
from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoAuthError, NoNodeError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry
from kazoo.security import Permissions

from deploy.doctor.addresses import is_loopback
from deploy.doctor.finding import Finding, failed, ok, warning
from services.dialer_sync.election.zookeeper_access import ZooKeeperAccess, zookeeper_access
from services.dialer_sync.election.zookeeper_lock import hand_overs_path
from shared.config import BadSetting

TIMEOUT_SECONDS = 3.0  # for one server
NAME = "zookeeper"


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One line for each server of CM_ZOOKEEPER_HOSTS, one for the votes, one for a write."""
    servers = [server.strip() for server in environ.get("CM_ZOOKEEPER_HOSTS", "").split("/")[0].split(",")]
    if servers == [""]:
        yield failed(NAME, "CM_ZOOKEEPER_HOSTS is not set", "name all three servers: zk1:2181,zk2:2181,zk3:2181")
        return
    try:
        access = zookeeper_access(Env())
    except (EnvError, BadSetting) as error:
        yield failed(NAME, str(error), "correct it in dialer_sync.env")
        return
    modes = {server: _mode(server, access) for server in servers}
    for server, mode in modes.items():
        yield _vote(server, mode)
    yield _votes(modes)
    yield _write(environ, access)
    yield from _openness(servers, access)


def _mode(server: str, access: ZooKeeperAccess) -> str | None:
    """`leader`, `follower`, `standalone`; `not serving`; `silent` when srvr is not allowed; None: no connection."""
    host, _, port = server.rpartition(":")
    try:
        with _connection(host or server, int(port or 2181), access) as connection:
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


def _connection(host: str, port: int, access: ZooKeeperAccess) -> socket.socket:
    """Raises OSError."""
    plain = socket.create_connection((host, port), TIMEOUT_SECONDS)
    return access.tls_context().wrap_socket(plain, server_hostname=host) if access.tls else plain


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


def _write(environ: Mapping[str, str], access: ZooKeeperAccess) -> Finding:
    """Create and remove an ephemeral node beside the worker's own, and see to whom those belong."""
    root = environ.get("CM_ZOOKEEPER_ROOT", "/campaign-manager").rstrip("/")
    client = access.client(
        environ["CM_ZOOKEEPER_HOSTS"], timeout=TIMEOUT_SECONDS, connection_retry=KazooRetry(max_tries=3, delay=0.1)
    )
    try:
        client.start(timeout=TIMEOUT_SECONDS)
        client.ensure_path_async(f"{root}/doctor").get(timeout=TIMEOUT_SECONDS)
        node = client.create_async(f"{root}/doctor/", ephemeral=True, sequence=True).get(timeout=TIMEOUT_SECONDS)
        client.delete_async(node).get(timeout=TIMEOUT_SECONDS)
        exposed = _open_nodes(client, root) if access.user else []
    except NoAuthError:
        return failed(
            "zookeeper write",
            f"ZooKeeper gives no right on {root}: it belongs to another user",
            "CM_ZOOKEEPER_USER and CM_ZOOKEEPER_PASSWORD must be the same on every node, and here",
        )
    except (KazooException, KazooTimeoutError, OSError) as error:
        return failed(
            "zookeeper write",
            f"the ensemble took no write ({type(error).__name__})",
            "it needs a quorum; check the servers above, the rights on CM_ZOOKEEPER_ROOT, and CM_ZOOKEEPER_TLS",
        )
    finally:
        client.stop()
        client.close()
    if exposed:
        return failed(
            "zookeeper write",
            f"everybody may change {', '.join(exposed)}, although CM_ZOOKEEPER_USER is set",
            "restart the worker with these settings: it takes its nodes over",
        )
    return ok("zookeeper write", f"an ephemeral node under {root} was made and removed")


def _open_nodes(client: KazooClient, root: str) -> list[str]:
    """The election's nodes that anybody may change. Nodes that do not exist yet get the worker's ACL when created."""
    open_paths = []
    for path in (root, f"{root}/master", hand_overs_path(root)):
        with suppress(NoNodeError):
            acls, _ = client.get_acls_async(path).get(timeout=TIMEOUT_SECONDS)
            if any(acl.id.scheme == "world" and acl.perms & ~Permissions.READ for acl in acls):
                open_paths.append(path)
    return open_paths


def _openness(servers: Sequence[str], access: ZooKeeperAccess) -> Iterator[Finding]:
    """An ensemble that other machines reach needs credentials and TLS."""
    if all(is_loopback(server.rpartition(":")[0] or server) for server in servers):
        return
    if not access.user:
        yield warning(
            "zookeeper rights", "no credentials: whoever reaches ZooKeeper can stop the election",
            "CM_ZOOKEEPER_USER and CM_ZOOKEEPER_PASSWORD_FILE, the same on every node",
        )  # fmt: skip
    if not access.tls:
        yield warning(
            "zookeeper tls", "the way is not encrypted: credentials can be read on it",
            "secureClientPort in zoo.cfg and CM_ZOOKEEPER_TLS (deploy/README.md), or a network of its own",
        )  # fmt: skip
