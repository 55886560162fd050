"""The certificate of a local system's TLS listener. Production has its own (haproxy/README.md)."""

from pathlib import Path

from deploy.self_signed import self_signed


def ensure(pem: Path) -> Path:
    """Make `pem` (certificate and key in one file, as HAProxy wants it) unless it is there; return it."""
    if not pem.exists():
        pem.parent.mkdir(parents=True, exist_ok=True)
        pem.touch(mode=0o600)
        pem.write_text("".join(self_signed("Campaign Manager on this machine")))
    return pem
