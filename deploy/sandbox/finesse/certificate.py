"""A self-signed certificate for both nodes: the same file is what clients trust."""

from pathlib import Path

from deploy.self_signed import self_signed


def ensure(data: Path, host: str) -> tuple[Path, Path]:
    """(finesse-ca.pem, finesse-key.pem) in `data`, made when absent."""
    certificate, key = data / "finesse-ca.pem", data / "finesse-key.pem"
    if not (certificate.exists() and key.exists()):
        data.mkdir(parents=True, exist_ok=True)
        made, made_key = self_signed("Finesse fake", [host])
        key.touch(mode=0o600)
        key.write_text(made_key)
        certificate.write_text(made)
    return certificate, key
