"""A self-signed certificate of the simulator's own: the same file is what clients trust."""

import ipaddress
import os
import subprocess
from pathlib import Path


def ensure(data: Path, host: str) -> tuple[Path, Path]:
    """(ucce-ca.pem, ucce-key.pem) in `data`, made with openssl when absent or about to run out.

    Valid for localhost, 127.0.0.1, ::1 and `host`. Raises CalledProcessError when openssl fails.
    """
    certificate, key = data / "ucce-ca.pem", data / "ucce-key.pem"
    if not (certificate.exists() and key.exists() and _lasts(certificate)):
        _make(certificate, key, host)
    return certificate, key


def _lasts(certificate: Path) -> bool:
    command = ["openssl", "x509", "-in", str(certificate), "-noout", "-checkend", "86400"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _make(certificate: Path, key: Path, host: str) -> None:
    names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]
    if host not in ("localhost", "127.0.0.1", "::1"):
        names.append(_name(host))
    new_certificate, new_key = certificate.with_suffix(".new"), key.with_suffix(".new")
    new_key.touch(mode=0o600)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "825", "-subj", "/CN=UCCE simulator", "-addext", f"subjectAltName={','.join(names)}"]
    command += ["-keyout", str(new_key), "-out", str(new_certificate)]
    subprocess.run(command, check=True, capture_output=True)
    os.replace(new_key, key)  # noqa: PTH105 - both whole before either is seen
    os.replace(new_certificate, certificate)  # noqa: PTH105


def _name(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"
