"""A self-signed certificate for the TLS listener of a local system. Production has its own (haproxy/README.md)."""

import subprocess
from pathlib import Path

YEARS = 10


def ensure(pem: Path) -> Path:
    """Make `pem` (certificate and key in one file, as HAProxy wants it) unless it is there; return it."""
    if pem.exists():
        return pem
    pem.parent.mkdir(parents=True, exist_ok=True)
    pem.touch(mode=0o600)
    command = [
        *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-days", str(365 * YEARS), "-subj", "/CN=Campaign Manager on this machine"),
        *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "-"),
    ]
    made = subprocess.run(command, check=True, capture_output=True)
    pem.write_bytes(made.stdout)
    return pem
