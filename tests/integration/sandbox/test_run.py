"""What `make run` says when it cannot start."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from deploy.sandbox import ports
from deploy.sandbox.lock import only_one
from deploy.sandbox.process import ROOT

PLAIN_ENV = {name: value for name, value in os.environ.items() if not name.startswith("CM_")}


def run(var: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    free = {port.setting: str(ports.free_port()) for port in ports.PORTS if port.public}
    return subprocess.run(
        [sys.executable, "-m", "deploy.sandbox.run"],
        cwd=ROOT,
        env={**PLAIN_ENV, **free, "CM_VAR_DIR": str(var), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_copy_from_the_same_directory_stops_and_says_so(tmp_path: Path) -> None:
    with only_one(tmp_path):
        second = run(tmp_path)

    assert second.returncode == 1
    assert f"already running from {tmp_path} (process {os.getpid()})" in second.stderr
    assert "CM_VAR_DIR" in second.stderr


def test_a_taken_public_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", ports.free_port())) as listener:
        port = listener.getsockname()[1]
        done = run(tmp_path, CM_STATS_PORT=str(port))

    assert done.returncode == 1
    assert f"Port {port} (stats) is taken" in done.stderr
    assert "CM_STATS_PORT" in done.stderr


def test_a_wrong_setting_of_a_service_stops_the_start_and_names_it(tmp_path: Path) -> None:
    done = run(tmp_path, CM_DATABASE_URL="postgresql://nowhere/x")

    assert done.returncode == 1
    assert "CM_DATABASE_URL" in done.stderr
    assert "Stopping …" in done.stdout
