"""The fake for a test: a process of its own on free ports, with its controls as methods."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from deploy.sandbox.finesse.control_client import Control

ROOT = Path(__file__).resolve().parents[3]
_READY = re.compile(r"Finesse fake ready at (\S+) and (\S+), CA file")


class FinesseFake:
    """A process with both nodes. Use it in a `with`, or call start() and stop(); `arguments` are further flags."""

    def __init__(self, data: Path, arguments: Sequence[str] = ()) -> None:
        self._data = data
        self._arguments = list(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self.urls: tuple[str, str] = ("", "")

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._data / "finesse-ca.pem"

    @property
    def control(self) -> Control:
        return self._control

    def start(self, timeout: float = 20.0) -> "FinesseFake":
        """Start and wait until ready, on the ports of the last start. Raises RuntimeError with its output."""
        self._data.mkdir(parents=True, exist_ok=True)
        path = self._data / "finesse.log"
        self._log = path.open("wb")
        ports = [url.rpartition(":")[2] or "0" for url in self.urls]
        command = [sys.executable, "-m", "deploy.sandbox.finesse", "--data", str(self._data), "--port", ports[0],
                   "--second-port", ports[1], *self._arguments]  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=dict(os.environ), stdout=self._log, stderr=subprocess.STDOUT
        )
        ready = self._wait_ready(path, time.monotonic() + timeout)
        self.urls = (ready.group(1), ready.group(2))
        self._control = Control(self.urls[0], self.ca_file)
        return self

    def _wait_ready(self, log: Path, deadline: float) -> re.Match[str]:
        while True:
            text = log.read_text(encoding="utf-8")
            if ready := _READY.search(text):
                return ready
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the Finesse fake did not start:\n{text}")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL: both nodes are gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)
        if hasattr(self, "_control"):
            self._control.close()

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(15)
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def __enter__(self) -> "FinesseFake":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
