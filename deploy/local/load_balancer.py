"""HAProxy as a local process; `python -m deploy.local.load_balancer` checks its configuration without starting it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.local import certificate, checks
from deploy.local.process import ROOT, Process

CONFIG = ROOT / "haproxy" / "haproxy.cfg"


def haproxy(
    folder: Path,
    log: Path,
    ports: Mapping[str, int],
    servers: Mapping[str, str],
    settings: Mapping[str, str] | None = None,
) -> Process:
    """HAProxy on the ports `http`, `https` and `stats`, its files in `folder`.

    `servers` gives the `host:port` of CM_BOOKING_1 and so on; `settings` may change any other variable of
    haproxy/README.md. Ready means that it listens, whatever the servers behind it do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CM_")},
        "CM_HTTP_PORT": str(ports["http"]),
        "CM_HTTPS_PORT": str(ports["https"]),
        "CM_STATS_PORT": str(ports["stats"]),
        "CM_TLS_PEM": str(certificate.ensure(folder / "tls.pem")),
        "CM_HAPROXY_SOCKET": str(folder / "admin.sock"),
        **servers,
        **(settings or {}),
    }
    return Process(
        name="haproxy",
        # -W: a master process that can reload without closing the listeners. -db: stay in the foreground.
        command=[_binary(), "-W", "-db", "-f", str(CONFIG)],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{ports['stats']}/"),
        env=env,
        # SIGUSR1: stop accepting, finish the requests in flight.
        stop_signal=signal.SIGUSR1,
        stop_within=5.0,
    )


def check() -> int:
    """Run `haproxy -c`; print what it says unless all is well. Returns its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate.ensure(Path(folder) / "tls.pem")
        command = [_binary(), "-c", "-f", str(CONFIG)]
        done = subprocess.run(
            command,
            env={"CM_TLS_PEM": str(pem)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(done.stdout if done.returncode else "HAProxy configuration: no errors, no warnings")
    return done.returncode


def _binary() -> str:
    """/usr/sbin is not on every user's path."""
    return "/usr/sbin/haproxy" if Path("/usr/sbin/haproxy").exists() else "haproxy"


if __name__ == "__main__":
    sys.exit(check())
