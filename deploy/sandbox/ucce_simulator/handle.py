"""The simulator for a test: a process of its own on a free port, with its controls as methods."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from deploy.sandbox.ucce_simulator.control_client import Control

ROOT = Path(__file__).resolve().parents[3]
_SECOND = re.compile(r"second Admin Workstation at (\S+)")
_READY = re.compile(r"UCCE simulator ready at (\S+), control (\S+)/_simulator/")


class UcceSimulator:
    """A simulator process. Use it in a `with`, or call start() and stop().

    `arguments` are further flags; seconds default to near zero so that tests need not wait. `data` holds the state; a
    restart on it continues from there, on the same port, also after a kill.
    """

    user = "cm@ucce.example"
    password = "simulated-secret"

    def __init__(self, data: Path, arguments: Sequence[str] = (), *, plain: bool = False, paused: bool = False) -> None:
        self._data = data
        self._arguments = ["--pickup-seconds", "0", "--dial-seconds", "0.2", *arguments]
        self._arguments += ["--plain"] * plain + ["--paused"] * paused
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self.url = ""
        self.second_url = ""
        self.control = Control("")

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._data / "ucce-ca.pem"

    @property
    def api(self) -> str:
        """The base of the API's resources."""
        return f"{self.url}/unifiedconfig/config"

    @property
    def pid(self) -> int:
        """The process id. Raises RuntimeError when it does not run."""
        if self._process is None:
            raise RuntimeError("the UCCE simulator does not run")
        return self._process.pid

    def start(self, timeout: float = 20.0) -> "UcceSimulator":
        """Start and wait until ready. Raises RuntimeError with the process's output when it does not become so."""
        self._data.mkdir(parents=True, exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("UCCE_SIMULATOR_")}
        environment = inherited | {"CM_UCCE_USER": self.user, "CM_UCCE_PASSWORD": self.password}
        command = [
            sys.executable,
            "-m",
            "deploy.sandbox.ucce_simulator",
            "--data",
            str(self._data),
            "--port",
            str(self._port),
        ]
        path = self._data / "simulator.log"
        self._log = path.open("wb")
        self._process = subprocess.Popen(
            [*command, *self._arguments], cwd=ROOT, env=environment, stdout=self._log, stderr=subprocess.STDOUT
        )
        ready = self._wait_ready(path, time.monotonic() + timeout)
        self.url = ready.group(1)
        second = _SECOND.search(path.read_text(encoding="utf-8"))
        self.second_url = second.group(1) if second else ""
        self._port = int(self.url.rpartition(":")[2])
        self.control.close()
        self.control = Control(ready.group(2))
        return self

    def _wait_ready(self, log: Path, deadline: float) -> re.Match[str]:
        while True:
            text = log.read_text(encoding="utf-8")
            if ready := _READY.search(text):
                return ready
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the UCCE simulator did not start:\n{text}")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL: what a crash of UCCE looks like."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM and wait; gives the exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        status = 0
        if self._process is not None:
            self._process.send_signal(number)
            status = self._process.wait(15)
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None
        self.control.close()
        return status

    def restart(self) -> None:
        """Start again on the same port and state, ending it first when it still runs."""
        self.stop()
        self.start()

    def __enter__(self) -> "UcceSimulator":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
