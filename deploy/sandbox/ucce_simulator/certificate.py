"""A self-signed certificate of the simulator's own: the same file is what clients trust."""

import os
import subprocess
from pathlib import Path

from deploy.self_signed import self_signed


def ensure(data: Path, host: str) -> tuple[Path, Path]:
    """(ucce-ca.pem, ucce-key.pem) in `data`, made when absent or about to run out.

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
    new_certificate, new_key = certificate.with_suffix(".new"), key.with_suffix(".new")
    new_key.touch(mode=0o600)
    made, made_key = self_signed("UCCE simulator", [host])
    new_certificate.write_text(made)
    new_key.write_text(made_key)
    os.replace(new_key, key)  # noqa: PTH105 - both whole before either is seen
    os.replace(new_certificate, certificate)  # noqa: PTH105
