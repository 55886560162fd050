"""One process of the local system: start it, wait until it is ready, read its log, stop or kill it."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.05  # between two looks at a process that starts or stops


class NotReady(Exception):
    """A process ended or stayed unready while it was started; the text is for the person at the terminal."""


class PortLost(NotReady):
    """A process ended because another program listens on its port, which was free when it was chosen."""


# HAProxy, Redis, Java, Python and gunicorn, in this order of frequency.
_PORT_IN_USE = re.compile(r"Address already in use|Connection in use")
_STARTS = 3  # attempts, each on newly chosen ports

T = TypeVar("T")


def on_other_ports(start: Callable[[], T]) -> T:
    """Call `start`, which chooses ports and starts something on them, again when it raises PortLost.

    `start` must stop what it started before it raises. Raises PortLost after three starts.
    """
    for _ in range(_STARTS - 1):
        with suppress(PortLost):
            return start()
    return start()


@dataclass(eq=False)
class Process:
    """A child process, its log file and what makes it ready; `prepare` writes what it needs. Times are seconds.

    Start it from the main thread: the child is told to stop when the thread that started it ends, so that nothing
    outlives this process, even when it is killed.
    """

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    start_within: float = 30.0
    stop_within: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM
    _child: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _log_start: int = 0  # where the log of the last start begins

    def start(self) -> None:
        """Start it without waiting until it is ready; nothing happens when it runs already."""
        if self.alive:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.prepare()
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *self.command],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Its own group: a Ctrl-C at the terminal reaches us alone, and we stop everything in order.
                start_new_session=True,
            )
        self._started = time.monotonic()

    def wait_ready(self) -> None:
        """Wait until it is ready. Raises NotReady, and PortLost when the cause was a port."""
        while not self._is_ready():
            if not self.alive and not self._is_ready():  # it may have ended with status 0 in between
                kind = PortLost if self._lost_its_port() else NotReady
                raise kind(self._complaint(f"{self.ending()} while starting"))
            if time.monotonic() - self._started > self.start_within:
                raise NotReady(self._complaint(f"was not ready within {self.start_within:g} s"))
            time.sleep(POLL_SECONDS)

    def stop(self) -> bool:
        """Ask it to stop and wait; kill it when it does not. Returns whether it stopped by itself."""
        self.ask_to_stop()
        return self.wait_stopped()

    def ask_to_stop(self) -> None:
        """Send its stop signal without waiting."""
        if self.alive:
            self._signal(self.stop_signal)
            self._signal_group(signal.SIGCONT)  # a paused process gets no other signal

    def wait_stopped(self) -> bool:
        """Wait until it has stopped; kill it after `stop_within`. Returns whether it stopped by itself."""
        child = self._child
        if child is None:
            return True
        try:
            child.wait(self.stop_within)
            stopped = True
        except subprocess.TimeoutExpired:
            stopped = False
        self._end_group()
        return stopped

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal. SIGKILL, SIGSTOP and SIGCONT go to its children too, as a power cut or a freeze would."""
        if number == signal.SIGKILL:
            self._end_group()
        elif number in (signal.SIGSTOP, signal.SIGCONT):
            self._signal_group(number)
        else:
            self._signal(number)

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def succeeded(self) -> bool:
        """Whether it has ended with status 0."""
        return self._child is not None and self._child.poll() == 0

    @property
    def pid(self) -> int:
        """Its process id. Raises RuntimeError before the first start."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._child.pid

    def ending(self) -> str:
        """How it ended, in words."""
        code = self._child.poll() if self._child else None
        if code is None:
            return "has not ended"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def log_tail(self, lines: int = 20) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return "(no log)"
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 64 * 1024))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])

    def _is_ready(self) -> bool:
        """Whether it is ready. Not asked once it has failed: another program may answer on a lost port."""
        return (self.alive or self.succeeded) and self.ready()

    def _lost_its_port(self) -> bool:
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            return _PORT_IN_USE.search(file.read().decode(errors="replace")) is not None

    def _complaint(self, what: str) -> str:
        return f"{self.name} {what}. Its last words ({self.log}):\n{self.log_tail()}"

    def _end_group(self) -> None:
        """Kill what is left of it: after a SIGKILL of a gunicorn master its worker would live on for a while."""
        self._signal_group(signal.SIGKILL)
        if self._child is not None:
            self._child.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._child is None:
            return
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            return  # all of it is gone already
