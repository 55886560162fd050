"""Self-signed certificates for systems that are no production: a local one, containers, the UCCE simulator."""

import ipaddress
import subprocess
from collections.abc import Sequence

DAYS = 3650


def self_signed(name: str, hosts: Sequence[str] = ()) -> tuple[str, str]:
    """A certificate and its key, PEM, for this machine and for `hosts` (names or addresses); `name` is its subject.

    Raises CalledProcessError when openssl fails.
    """
    alternatives = [_alternative(host) for host in dict.fromkeys(("localhost", "127.0.0.1", "::1", *hosts))]
    command = [
        *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-days", str(DAYS), "-subj", f"/CN={name}", "-addext", f"subjectAltName={','.join(alternatives)}"),
        *("-keyout", "-"),
    ]
    pem = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    end = "-----END PRIVATE KEY-----\n"
    key, _, certificate = pem.partition(end)
    return certificate, key + end


def _alternative(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"
