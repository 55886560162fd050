"""Whether a server's certificate is trusted, and how long it still holds."""

import socket
import ssl
import subprocess
import time
from urllib.parse import urlsplit

PATIENCE = 5.0  # seconds
SOON = 30  # days


def untrusted(url: str, ca_file: str | None) -> str | None:
    """Why a client with this authority does not trust the server, in OpenSSL's words; None when it does.

    Raises OSError when there is no server.
    """
    host, port = _address(url)
    context = ssl.create_default_context(cafile=ca_file)
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message


def days_left(url: str) -> int | None:
    """Days until the server's certificate ends, trusted or not; None when it cannot be read. Raises OSError."""
    pem = ssl.get_server_certificate(_address(url), timeout=PATIENCE)
    try:
        told = subprocess.run(
            ["openssl", "x509", "-noout", "-enddate"], input=pem, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return int((ssl.cert_time_to_seconds(told.stdout.strip().removeprefix("notAfter=")) - time.time()) // 86400)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 443
