"""Syslog messages (RFC 5424) to a server over UDP (RFC 5426), TCP (RFC 6587, with octet counts) or TLS (RFC 5425)."""

import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

TIMEOUT_SECONDS = 3.0  # for a connection, and for a batch to be taken
PORTS = {"udp": 514, "tcp": 601, "tls": 6514}
MAX_UDP_BYTES = 2048  # what receivers must be able to take (RFC 5424, 6.1); rsyslog takes 8 KiB
_AUDIT_NOTICE = 13 * 8 + 5  # facility "log audit", severity "notice"


@dataclass(frozen=True, slots=True)
class SyslogServer:
    """`protocol` is one of PORTS; `ca_file` for TLS, None: the public authorities."""

    protocol: str
    host: str
    port: int
    ca_file: str | None = None


def message(at: datetime, node: str, kind: str, text: str) -> bytes:
    """A message of the product about `kind`; `text` is ASCII, so that no byte order mark is needed."""
    host = "".join(character if character.isascii() and character.isprintable() and character != " " else "_"
                   for character in node)[:255]  # fmt: skip
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"<{_AUDIT_NOTICE}>1 {stamp} {host or '-'} campaign-manager - {kind} - {text}".encode("ascii", "replace")


def send(server: SyslogServer, messages: Sequence[bytes]) -> None:
    """Send all of them. Raises OSError when they were not taken; over UDP nobody can know."""
    if server.protocol == "udp":
        _send_datagrams(server, messages)
        return
    with socket.create_connection((server.host, server.port), TIMEOUT_SECONDS) as plain:
        frames = b"".join(b"%d %s" % (len(one), one) for one in messages)
        if server.protocol == "tcp":
            _send_plain(plain, frames)
        else:
            _send_tls(plain, server, frames)


def _send_datagrams(server: SyslogServer, messages: Sequence[bytes]) -> None:
    family, kind, number, _, address = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, number) as out:
        for one in messages:
            out.sendto(one[:MAX_UDP_BYTES], address)


# What was sent may still be lost with its connection: a server closes it as well once it has read to the end.


def _send_plain(connection: socket.socket, frames: bytes) -> None:
    connection.sendall(frames)
    connection.shutdown(socket.SHUT_WR)
    if connection.recv(1):
        raise OSError("what listens there is no syslog server: it answers")


def _send_tls(plain: socket.socket, server: SyslogServer, frames: bytes) -> None:
    context = ssl.create_default_context(cafile=server.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with context.wrap_socket(plain, server_hostname=server.host) as connection:
        connection.sendall(frames)
        with suppress(ssl.SSLEOFError, ssl.SSLZeroReturnError):  # it closed without taking leave
            connection.unwrap()
