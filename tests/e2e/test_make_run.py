"""`make run` and `make demo` as a newcomer uses them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
import requests

from deploy.sandbox import demo_env, ports
from deploy.sandbox.process import ROOT
from deploy.sandbox.servers import PLAIN_ENV
from tests.servers import sources
from tests.support.until import until

READY = "Campaign Manager is ready"


class MakeRun:
    """A `make run` in the background, with its own var directory and ports."""

    def __init__(self, var: Path, settings: dict[str, str]) -> None:
        self.var = var
        self._output = var.parent / f"{var.name}.out"
        with self._output.open("wb") as output:
            self._make = subprocess.Popen(
                ["make", "run"],
                cwd=ROOT,
                env={**PLAIN_ENV, **settings, "CM_VAR_DIR": str(var)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: READY in self.output or self._make.poll() is not None, timeout=90, what="make run")
        assert READY in self.output, self.output

    @property
    def output(self) -> str:
        return self._output.read_text()

    @property
    def env(self) -> dict[str, str]:
        return demo_env.read(self.var)

    def end(self, number: signal.Signals) -> None:
        """Signal the make process alone, as a supervisor does; wait until it is gone."""
        self._make.send_signal(number)
        self._make.wait(60)

    def press_ctrl_c(self) -> None:
        """SIGINT to make and all that it started, as a terminal does; wait until it is gone."""
        os.killpg(self._make.pid, signal.SIGINT)
        self._make.wait(60)

    def left_over(self) -> list[str]:
        """Command lines of processes that were started for this directory and still run."""
        return list(self._processes().values())

    def pid_of(self, word: str) -> int:
        """The process whose command line contains `word`."""
        return next(pid for pid, command in self._processes().items() if word in command)

    def _processes(self) -> dict[int, str]:
        """Command lines by process id of all processes whose arguments or environment name this directory."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                traces = (command, (folder / "environ").read_bytes(), bytes((folder / "cwd").readlink()))
            except OSError:
                continue  # it ended meanwhile, or is somebody else's
            if any(bytes(self.var) in trace for trace in traces):
                found[int(folder.name)] = command.replace(b"\0", b" ").decode()
        return found

    def clear(self) -> None:
        if self._make.poll() is None:
            os.killpg(self._make.pid, signal.SIGKILL)
            self._make.wait(10)


class Start(Protocol):
    def __call__(self) -> MakeRun: ...


@pytest.fixture
def start_make_run(tmp_path: Path) -> Iterator[Start]:
    """start_make_run() → a running `make run`; each call starts from the same directory."""
    sources.need_local_stack()
    # A shell that starts pytest in the background has SIGINT ignored, which child processes inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = {port.setting: str(ports.free_port()) for port in ports.PORTS if port.public}
    with ExitStack() as started:

        def run() -> MakeRun:
            running = MakeRun(tmp_path / "var", settings)
            started.callback(running.clear)
            return running

        yield run


def test_a_newcomer_runs_it_sees_the_demo_stops_it_and_finds_all_again(start_make_run: Start) -> None:
    first = start_make_run()
    assert all(first.env[name] in first.output for name in ("CM_URL", "CM_IVR_KEY", "CM_OPS_KEY", "CM_STATS_URL"))

    demo = subprocess.run(
        [sys.executable, "-m", "deploy.sandbox.demo"],
        cwd=ROOT,
        env={**PLAIN_ENV, "CM_VAR_DIR": str(first.var)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert re.search(r"(?s)Its timeline:.*scheduled.*importing.*imported.*(completed|failed)", demo.stdout)
    account_number = re.search(r"Booked: (\w{26})", demo.stdout)
    assert account_number

    before = first.env
    first.end(signal.SIGTERM)
    assert first.left_over() == []

    again = start_make_run()
    assert again.env == before
    url = f"{again.env['CM_URL']}/api/v1/callbacks/{account_number[1]}"
    callback = requests.get(url, headers={"X-API-Key": again.env["CM_IVR_KEY"]}, timeout=5).json()
    assert callback["status"] in ("completed", "failed")

    again.press_ctrl_c()
    assert again.left_over() == []


def test_a_process_that_dies_is_told_loudly_and_comes_back_on_request(start_make_run: Start) -> None:
    running = start_make_run()
    lock = running.var / "run" / "lock"
    os.kill(running.pid_of("redis-server"), signal.SIGKILL)

    until(lambda: "*** redis was killed by SIGKILL" in running.output)
    key = {"X-API-Key": running.env["CM_IVR_KEY"]}
    asked = f"{running.env['CM_URL']}/api/v1/availability?skill={running.env['CM_DEMO_SKILL']}"
    assert requests.get(asked, headers=key, timeout=5).status_code == 200  # it goes on without it

    os.kill(int(lock.read_text()), signal.SIGUSR1)
    until(lambda: "*** redis runs again" in running.output)

    running.end(signal.SIGTERM)
    assert running.left_over() == []
