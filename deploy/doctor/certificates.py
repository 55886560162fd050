"""Whether a server's certificate is trusted, what its chain is, and how long it still holds."""

import re
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi

from shared.certificate_advice import OF_UCCE, CertificateSettings, certificate_problem, trusting_context

TIMEOUT_SECONDS = 5.0
WARN_DAYS = 30  # days


def untrusted(url: str, ca_file: str | None, settings: CertificateSettings = OF_UCCE) -> str | None:
    """Why our client, with this authority, does not trust the server, and the cure; None when it does.

    Raises OSError when there is no server.
    """
    host, port = _address(url)
    context = trusting_context()
    context.load_verify_locations(ca_file or certifi.where())
    try:
        with (
            socket.create_connection((host, port), TIMEOUT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        return certificate_problem(error, host, settings)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of a server's chain; `names` is its subjectAltName."""

    subject: str
    issuer: str
    names: str
    ends: str

    def __str__(self) -> str:
        return f"{self.subject} (SAN: {self.names or 'none'}; until {self.ends}) issued by {self.issuer}"


def chain(url: str) -> list[Certificate]:
    """The certificates that the server sends, its own first, trusted or not; empty when they cannot be read."""
    host, port = _address(url)
    command = ["openssl", "s_client", "-connect", f"{host}:{port}", "-servername", host, "-showcerts"]
    try:
        output = subprocess.run(
            command, input="", capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    certificates = []
    for pem in re.findall(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", output, re.DOTALL):
        described = _described(pem)
        if described is not None:
            certificates.append(described)
    return certificates


def _described(pem: str) -> Certificate | None:
    wanted = ["-noout", "-subject", "-issuer", "-enddate", "-ext", "subjectAltName", "-nameopt", "RFC2253"]
    try:
        output = subprocess.run(
            ["openssl", "x509", *wanted], input=pem, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    values = dict(line.split("=", 1) for line in output.splitlines() if re.match(r"(subject|issuer|notAfter)=", line))
    names = re.search(r"Subject Alternative Name:[^\n]*\n\s*([^\n]+)", output)
    return Certificate(
        values.get("subject", "?"), values.get("issuer", "?"), names[1] if names else "", values.get("notAfter", "?")
    )


def days_left(url: str) -> int | None:
    """Days until the server's certificate ends, trusted or not; None when it cannot be read. Raises OSError."""
    pem = ssl.get_server_certificate(_address(url), timeout=TIMEOUT_SECONDS)
    try:
        output = subprocess.run(
            ["openssl", "x509", "-noout", "-enddate"], input=pem, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return int((ssl.cert_time_to_seconds(output.stdout.strip().removeprefix("notAfter=")) - time.time()) // 86400)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 443
