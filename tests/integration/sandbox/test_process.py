"""Processes of the local system: started, waited for, stopped, killed, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from deploy.sandbox.process import ROOT, NotReady, Process
from tests.support.until import until

READY = "print('ready', flush=True)"
STUBBORN = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; time.sleep(60)"
PARENT_AND_CHILD = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    f"print(child.pid); {READY}; time.sleep(60)"
)


class Make(Protocol):
    def __call__(self, code: str, **options: Any) -> Process: ...


@pytest.fixture
def make_process(tmp_path: Path) -> Iterator[Make]:
    """make_process(code) → a Process that runs this Python code; it is ready when it prints so."""
    with ExitStack() as made:

        def build(code: str, **options: Any) -> Process:
            log = tmp_path / "child.log"
            process = Process(
                name="child",
                command=[sys.executable, "-c", code],
                log=log,
                ready=lambda: "ready" in log.read_text(),
                env=dict(os.environ),
                **options,
            )
            made.callback(process.kill)
            return process

        yield build


def running(process: Process) -> Process:
    process.start()
    process.wait_ready()
    return process


def exists(pid: int) -> bool:
    """Whether this process is there and no zombie."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_process_that_obeys_is_stopped_gracefully(make_process: Make) -> None:
    process = running(make_process(f"import time; {READY}; time.sleep(60)"))

    assert process.stop()
    assert not process.alive
    assert process.ending() == "was killed by SIGTERM"


def test_a_process_that_does_not_obey_is_killed_when_its_time_is_up(make_process: Make) -> None:
    process = running(make_process(STUBBORN, stop_within=0.2))

    assert not process.stop()
    assert process.ending() == "was killed by SIGKILL"


def test_a_paused_process_can_be_stopped(make_process: Make) -> None:
    process = running(make_process(f"import time; {READY}; time.sleep(60)"))
    process.kill(signal.SIGSTOP)

    assert process.stop()


def test_a_kill_takes_the_children_of_a_process_too(make_process: Make) -> None:
    process = running(make_process(PARENT_AND_CHILD))
    child = int(process.log_tail().split()[0])

    process.kill()

    until(lambda: not exists(child))


def test_a_process_can_be_started_again_and_its_log_goes_on(make_process: Make) -> None:
    process = running(make_process(f"import time; {READY}; time.sleep(60)"))
    first = process.pid
    process.kill()

    process.start()

    until(lambda: process.log_tail() == "ready\nready")
    assert process.pid != first


def test_a_process_that_ends_while_starting_is_reported_with_the_end_of_its_log(make_process: Make) -> None:
    process = make_process("import sys; print('the disk is full'); sys.exit(3)")
    process.start()

    with pytest.raises(NotReady, match=r"(?s)child ended with status 3 while starting.*the disk is full"):
        process.wait_ready()


def test_a_process_that_never_becomes_ready_is_reported_too(make_process: Make) -> None:
    process = make_process("import time; time.sleep(60)", start_within=0.2)
    process.start()

    with pytest.raises(NotReady, match=r"was not ready within 0\.2 s"):
        process.wait_ready()


def test_nothing_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, time\n"
        "from deploy.sandbox.process import Process\n"
        f"log = pathlib.Path({str(tmp_path / 'sleep.log')!r})\n"
        "child = Process('sleep', ['sleep', '60'], log, ready=lambda: True, env=dict(os.environ))\n"
        "child.start()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        until(lambda: Path(f"/proc/{child}/comm").read_text() == "sleep\n")

        parent.kill()

        until(lambda: not exists(child))
