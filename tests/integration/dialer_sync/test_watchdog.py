"""A worker process tells its service manager when it is ready, that it is alive, and that it stops."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.ports import free_port
from deploy.sandbox.servers import PLAIN_ENV


@pytest.fixture
def notify_socket(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(20)
        yield listener


def test_a_worker_that_can_reach_nothing_is_ready_alive_and_stops_in_order(
    notify_socket: socket.socket, database_url: str, tmp_path: Path
) -> None:
    nowhere = free_port()
    env = {
        **PLAIN_ENV,
        "CM_DATABASE_URL": database_url,
        "CM_WORKER_PORT": "0",
        "CM_ZOOKEEPER_HOSTS": f"127.0.0.1:{nowhere}",
        "CM_UCCE_URL": f"https://127.0.0.1:{nowhere}",
        "CM_UCCE_USER": "cm@ucce.example",
        "CM_UCCE_PASSWORD": "secret",
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
    }
    worker = subprocess.Popen([sys.executable, "-m", "services.dialer_sync"], env=env, stdout=subprocess.DEVNULL)
    try:
        assert [notify_socket.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        os.kill(worker.pid, signal.SIGTERM)
        heard = notify_socket.recv(64)
        while heard == b"WATCHDOG=1":
            heard = notify_socket.recv(64)
        assert heard == b"STOPPING=1"
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.wait()
