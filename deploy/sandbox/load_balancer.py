"""HAProxy as a local process; `python -m deploy.sandbox.load_balancer` checks its configuration without starting it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.sandbox import certificate, checks
from deploy.sandbox.process import ROOT, Process

CONFIG = ROOT / "haproxy" / "haproxy.cfg"
_TUNING = (
    "CM_BIND", "CM_PUBLIC_HTTP", "CM_HAPROXY_MAXCONN", "CM_REQUEST_TIMEOUT", "CM_LONG_REQUEST_TIMEOUT",
    "CM_REPEAT_AFTER", "CM_SOURCE_CONNECTIONS", "CM_SOURCE_REQUESTS_PER_10S", "CM_SHARED_SOURCES",
    "CM_SHARED_SOURCE_CONNECTIONS", "CM_SHARED_SOURCE_REQUESTS_PER_10S",
)  # fmt: skip


def haproxy(folder: Path, log: Path, ports: Mapping[str, int], settings: Mapping[str, str]) -> Process:
    """HAProxy on the ports `http`, `https` and `stats`, its files in `folder`.

    `settings` are further variables of haproxy/README.md, above all CM_BOOKING_1 and so on, the `host:port` of the
    servers. Ready means that it listens, whatever the servers behind it do.
    """
    pem = folder / "tls.pem"
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CM_")},
        "CM_HTTP_PORT": str(ports["http"]),
        "CM_HTTPS_PORT": str(ports["https"]),
        "CM_STATS_PORT": str(ports["stats"]),
        "CM_TLS_PEM": str(pem),
        "CM_HAPROXY_SOCKET": str(folder / "admin.sock"),
        **settings,
    }
    return Process(
        name="haproxy",
        # -W: a master process that can reload without closing the listeners. -db: stay in the foreground.
        command=[_binary(), "-W", "-db", "-f", str(CONFIG)],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{ports['stats']}/"),
        env=env,
        prepare=lambda: certificate.ensure(pem),
        # SIGUSR1: stop accepting, finish the requests in flight.
        stop_signal=signal.SIGUSR1,
        stop_within=5.0,
    )


def tuning(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of `environ` that set HAProxy's limits. HAProxy gets no others, and so no secrets."""
    return {name: environ[name] for name in _TUNING if name in environ}


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
