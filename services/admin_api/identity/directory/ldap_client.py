"""Connections to the LDAP servers: TLS that is verified, failover, and no wait for a server that was just down.

ldap3 has had no release since 2021. What that costs is mended here: it compares host names by its own copy of old
code (the standard library does it in `_VerifiedTls`); it follows referrals with the password to whatever host a server
names (off); and it passes text passwords through SASLprep, which makes an empty one of some (`password_bytes`).
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from ldap3 import ANONYMOUS, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException

from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.person import DirectoryDown
from shared import deadline
from shared.errors import DomainError, Unavailable

T = TypeVar("T")
_log = structlog.get_logger(__name__)

PAUSE_SECONDS = 15.0  # for which a server that failed is not asked
REFUSED_PAUSE_SECONDS = 60.0  # the same after it refused our own account: a directory locks accounts
CALLS_AT_ONCE = 4  # half of a process's threads: a directory that hangs does not hold up everything else
CALL_WAIT_SECONDS = 0.5
PAGE_SIZE = 200
_PAGED = "1.2.840.113556.1.4.319"
SUCCESS, NO_SUCH_OBJECT, SIZE_LIMIT = 0, 32, 4
INVALID_CREDENTIALS = 49


class ServerFailed(Exception):
    """This server cannot be used; another one may."""


class OwnAccountRefused(ServerFailed):
    """The server refuses CM_LDAP_BIND_DN with its password."""


@dataclass(slots=True)
class _State:
    """`down_until` is of the monotonic clock."""

    url: str
    down_until: float = 0.0
    reason: str = ""


class _VerifiedTls(Tls):  # type: ignore[misc]
    """Verifies chain and host name by the standard library. `failure` is what it said."""

    def __init__(self, ca_file: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=ca_file or None)
        self.failure: ssl.SSLError | None = None

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        try:
            connection.socket = self._context.wrap_socket(connection.socket, server_hostname=connection.server.host)
        except ssl.SSLError as error:
            self.failure = error
            raise


@dataclass
class LdapClient:
    """Thread-safe. `call` gives work a connection bound as our own account, of the first server that answers."""

    settings: LdapSettings
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._servers = [_State(url) for url in self.settings.urls]
        self._slots = threading.BoundedSemaphore(CALLS_AT_ONCE)

    def call(self, work: Callable[[Connection], T]) -> T:
        """The result of `work`, tried with the next server when one fails. Raises DirectoryDown."""
        if not self._slots.acquire(timeout=CALL_WAIT_SECONDS):
            raise self._down("every connection is in use")
        try:
            for server in self._usable():
                try:
                    with connected(self.settings, server.url) as connection:
                        result = work(connection)
                except (ServerFailed, LDAPException, OSError) as error:
                    self._mark_down(server, error)
                except Unavailable:
                    raise
                except DomainError:
                    self._mark_up(server)
                    raise
                else:
                    self._mark_up(server)
                    return result
        finally:
            self._slots.release()
        raise self._down("; ".join(f"{server.url}: {server.reason}" for server in self._servers))

    def _usable(self) -> Iterator[_State]:
        """In the order of the setting. One whose pause is over is tried by one caller: the others see it as down."""
        for server in self._servers:
            deadline.require(0.1)
            now = time.monotonic()
            with self._lock:
                paused = server.down_until > now
                if not paused and server.reason:
                    server.down_until = now + self.settings.timeout
            if not paused:
                yield server

    def _mark_down(self, server: _State, error: Exception) -> None:
        pause = REFUSED_PAUSE_SECONDS if isinstance(error, OwnAccountRefused) else PAUSE_SECONDS
        with self._lock:
            server.down_until, server.reason = time.monotonic() + pause, str(error) or type(error).__name__
        _log.warning("ldap_server_failed", server=server.url, reason=server.reason)

    def _mark_up(self, server: _State) -> None:
        with self._lock:
            recovered, server.reason, server.down_until = bool(server.reason), "", 0.0
        if recovered:
            _log.info("ldap_server_answers", server=server.url)

    def _down(self, reason: str) -> DirectoryDown:
        return DirectoryDown(self.settings.label, reason)


@contextmanager
def connected(settings: LdapSettings, url: str) -> Iterator[Connection]:
    """A connection to one server, bound as our own account. Raises ServerFailed, LDAPException, OSError."""
    parts = urlsplit(url)
    tls = _VerifiedTls(settings.ca_file)
    server = Server(
        parts.hostname, port=parts.port or (636 if parts.scheme == "ldaps" else 389), use_ssl=parts.scheme == "ldaps",
        tls=tls, get_info=NONE, connect_timeout=max(0.1, min(settings.timeout, deadline.remaining())),
    )  # fmt: skip
    connection = Connection(
        server, settings.bind_dn or None, password_bytes(settings.bind_password) or None,
        authentication=SIMPLE if settings.bind_dn else ANONYMOUS, auto_referrals=False, check_names=False,
    )  # fmt: skip
    try:
        connection.open(read_server_info=False)  # its timeout holds for each later answer too
        if parts.scheme == "ldap" and settings.start_tls:
            connection.start_tls(read_server_info=False)
        connection.bind(read_server_info=False)
        _require_bound(connection, settings)
        yield connection
    except LDAPException as error:
        raise ServerFailed(_sentence(tls.failure or error)) from error
    finally:
        if connection.socket is not None:
            connection.socket.close()


def password_bytes(password: str) -> bytes:
    """UTF-8, as directories expect it: of bytes ldap3 changes nothing."""
    return password.encode()


def search(connection: Connection, base: str, filter_: str, attributes: Iterable[str], **how: Any) -> list[Any]:
    """The entries that match; none where `base` does not exist. Raises ServerFailed for an incomplete answer."""
    how = {"search_scope": SUBTREE, "paged_size": PAGE_SIZE, **how}
    entries, cookie = [], None
    while True:
        deadline.require(0.1)
        connection.search(base, filter_, attributes=list(attributes), paged_cookie=cookie, **how)
        result = connection.result
        if result["result"] == NO_SUCH_OBJECT:
            return []
        if result["result"] != SUCCESS:
            raise ServerFailed(f"the search in {base} failed: {result['description']} {result['message']}".strip())
        entries += [entry for entry in connection.response if entry["type"] == "searchResEntry"]
        cookie = (result.get("controls") or {}).get(_PAGED, {}).get("value", {}).get("cookie")
        if not cookie:
            return entries


def _require_bound(connection: Connection, settings: LdapSettings) -> None:
    result = connection.result
    if result["result"] == SUCCESS:
        return
    said = f"{result['description']} {result['message']}".strip()
    if result["result"] == INVALID_CREDENTIALS:
        raise OwnAccountRefused(f"it refuses {settings.bind_dn}, or its password ({said})")
    raise ServerFailed(f"it refuses the bind: {said}")


def _sentence(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return str(error) or type(error).__name__
