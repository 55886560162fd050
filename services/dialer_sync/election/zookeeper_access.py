"""How ZooKeeper is reached: with which credentials, and over TLS or not."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env
from kazoo.client import KazooClient
from kazoo.security import CREATOR_ALL_ACL

from shared.config import BadSetting, require_certificates, secret


@dataclass(frozen=True, slots=True)
class ZooKeeperAccess:
    """Without a `user` ZooKeeper's nodes are open to whoever reaches it; with one they are its own (CREATOR_ALL).

    `tls`: the servers' certificates are checked against `ca_file`, or the host's authorities, and must name them.
    `certificate_file` with `key_file` is ours, which ZooKeeper asks for unless told otherwise (ssl.clientAuth).
    """

    user: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None

    def __repr__(self) -> str:
        return f"ZooKeeperAccess(user={self.user!r}, tls={self.tls})"

    def client(self, hosts: str, **options: Any) -> KazooClient:
        """A client that is not started. `options` as kazoo's."""
        if self.user:
            options["auth_data"] = [("digest", f"{self.user}:{self.password}")]
            options["default_acl"] = CREATOR_ALL_ACL
        if self.tls:
            options |= {
                "use_ssl": True, "verify_certs": True, "check_hostname": True, "ca": self.ca_file,
                "certfile": self.certificate_file, "keyfile": self.key_file,
            }  # fmt: skip
        return KazooClient(hosts, **options)

    def tls_context(self) -> ssl.SSLContext:
        """As the client's connections have it."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.certificate_file and self.key_file:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context


OPEN = ZooKeeperAccess()


def zookeeper_access(env: Env) -> ZooKeeperAccess:
    """Read `CM_ZOOKEEPER_…`. Raises EnvError, BadSetting."""
    user, password = env.str("CM_ZOOKEEPER_USER", ""), secret(env, "CM_ZOOKEEPER_PASSWORD", "")
    if bool(user) != bool(password):
        raise BadSetting("CM_ZOOKEEPER_USER and CM_ZOOKEEPER_PASSWORD belong together; set both or neither")
    if ":" in user:
        raise BadSetting("CM_ZOOKEEPER_USER has a colon, which ZooKeeper's digest cannot carry")
    tls = env.bool("CM_ZOOKEEPER_TLS", False)
    ca_file = env.str("CM_ZOOKEEPER_CA_FILE", "") or None
    certificate, key = env.str("CM_ZOOKEEPER_CERTIFICATE_FILE", ""), env.str("CM_ZOOKEEPER_KEY_FILE", "")
    if not tls and (ca_file or certificate or key):
        raise BadSetting("CM_ZOOKEEPER_CA_FILE, _CERTIFICATE_FILE and _KEY_FILE are for TLS: set CM_ZOOKEEPER_TLS")
    if ca_file:
        require_certificates("CM_ZOOKEEPER_CA_FILE", ca_file)
    _require_pair(certificate, key)
    return ZooKeeperAccess(user, password, tls, ca_file, certificate or None, key or None)


def _require_pair(certificate: str, key: str) -> None:
    if bool(certificate) != bool(key):
        raise BadSetting("CM_ZOOKEEPER_CERTIFICATE_FILE and CM_ZOOKEEPER_KEY_FILE belong together; set both or neither")
    if not certificate:
        return
    for name, path in (("CM_ZOOKEEPER_CERTIFICATE_FILE", certificate), ("CM_ZOOKEEPER_KEY_FILE", key)):
        if not Path(path).is_file():
            raise BadSetting(f"{name} names {path}, which is not a file")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        raise BadSetting(
            "CM_ZOOKEEPER_CERTIFICATE_FILE and CM_ZOOKEEPER_KEY_FILE are no certificate (PEM) and its key without a "
            "passphrase, or cannot be read by this user"
        ) from error
