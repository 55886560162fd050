"""Our own services as local processes. `env` is the whole environment of the process."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.sandbox import checks
from deploy.sandbox.process import Process

# With SQLite a second or two. A slow SQL Server takes long to open connections and to plan statements.
START_SECONDS, STEP_SECONDS = 120.0, 300.0


def web_service(name: str, service: str, port: int, log: Path, env: Mapping[str, str]) -> Process:
    """A booking or admin API process; `service` is its package under services/."""
    return Process(
        name=name,
        command=[
            *(sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_settings.py"),
            *("--bind", f"127.0.0.1:{port}", f"services.{service}.wsgi:create()"),
        ],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{port}/health/ready"),
        env=env,
        start_within=START_SECONDS,
        # Its own graceful timeout is 12 s.
        stop_within=15.0,
    )


def worker(name: str, port: int, log: Path, env: Mapping[str, str]) -> Process:
    """A dialer-sync worker. A standby is ready as well as a master."""
    return Process(
        name=name,
        command=[sys.executable, "-m", "services.dialer_sync"],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{port}/health/live"),
        env={**env, "CM_WORKER_HOST": "127.0.0.1", "CM_WORKER_PORT": str(port)},
        stop_within=15.0,
    )


def step(name: str, module: str, arguments: Sequence[str], log: Path, env: Mapping[str, str]) -> Process:
    """A step before the services start (migrations, seeding): ready when it has ended with status 0."""
    command = [sys.executable, "-m", module, *arguments]
    process = Process(
        name=name, command=command, log=log, ready=lambda: process.succeeded, env=env, start_within=STEP_SECONDS
    )
    return process
