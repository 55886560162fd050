"""The simulator as a test uses it: a process of its own on a free port, and its controls as methods."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import requests

ROOT = Path(__file__).resolve().parents[3]
_READY = re.compile(r"UCCE simulator ready at (\S+), control (\S+)/_simulator/")


class Control:
    """The controls (README.md). Every method raises requests.HTTPError with the simulator's own words in it."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, method: str, name: str, body: Any = None, **query: Any) -> Any:
        """One control call; gives its JSON."""
        url = f"{self._base}/_simulator/{name}"
        response = self._session.request(method, url, json=body, params=query, timeout=30)
        if not response.ok:
            raise requests.HTTPError(f"{name}: {response.status_code} {response.text}", response=response)
        return response.json()

    def received(self, **query: Any) -> list[dict[str, Any]]:
        """Requests UCCE received, in order; filters: after, method, kind, status, path, limit."""
        return list(self.ask("GET", "received", **query)["requests"])

    def duplicates(self) -> list[dict[str, Any]]:
        """Account numbers taken more than once."""
        return list(self.ask("GET", "duplicates")["duplicates"])

    def taken(self) -> list[str]:
        """Account numbers of every contact ever taken, in order, duplicates included."""
        return [contact["accountNumber"] for contact in self.ask("GET", "taken")["contacts"]]

    def calls(self, account_number: str = "") -> list[dict[str, Any]]:
        """Every dial, oldest first."""
        return list(self.ask("GET", "calls", accountNumber=account_number)["calls"])

    def contacts(self) -> dict[str, dict[str, int]]:
        """Number of contacts by campaign id and call status."""
        return dict(self.ask("GET", "contacts")["campaigns"])

    def next_answer(self, **planned: Any) -> None:
        """Prepare one answer; the keywords are those of disturbances.NextAnswer."""
        self.ask("POST", "next-answers", planned)

    def clear_next_answers(self) -> None:
        self.ask("DELETE", "next-answers")

    def delay(self, seconds: float) -> None:
        """Every request waits so long before it is worked on."""
        self.ask("POST", "delay", {"seconds": seconds})

    def queue(self, places: int) -> None:
        """How many imports may be queued."""
        self.ask("POST", "queue", {"places": places})

    def results(self, phones: dict[str, Any] | None = None, accounts: dict[str, Any] | None = None) -> None:
        """Force results; replaces all earlier rules."""
        self.ask("POST", "results", {"phones": phones or {}, "accountNumbers": accounts or {}})

    def dialer(self, **changes: Any) -> dict[str, Any]:
        """Change paused, mix, pickupSeconds, dialSeconds, lines, speed; advance=seconds; lose=True."""
        return dict(self.ask("POST" if changes else "GET", "dialer", changes or None))

    def skill_group(self, number: int, name: str) -> None:
        self.ask("POST", "skill-groups", {"id": number, "name": name})

    def reset(self, *parts: str) -> None:
        self.ask("POST", "reset", {"parts": list(parts)})

    def close(self) -> None:
        self._session.close()


class UcceSimulator:
    """A simulator process. Use it in a `with`, or call start() and stop().

    `arguments` are further flags; seconds default to near zero so that tests need not wait. `data` holds the state,
    and a restart on it goes on where a kill stopped, on the same port.
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
        self.control = Control("")

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._data / "ucce-ca.pem"

    @property
    def api(self) -> str:
        """The base of the API's resources."""
        return f"{self.url}/unifiedconfig/config"

    def start(self, timeout: float = 20.0) -> "UcceSimulator":
        """Start and wait until ready. Raises RuntimeError with the process's output when it does not become so."""
        self._data.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"CM_UCCE_USER": self.user, "CM_UCCE_PASSWORD": self.password}
        command = [sys.executable, "-m", "tests.fakes.ucce", "--data", str(self._data), "--port", str(self._port)]
        path = self._data / "simulator.log"
        self._log = path.open("wb")
        self._process = subprocess.Popen(
            [*command, *self._arguments], cwd=ROOT, env=environment, stdout=self._log, stderr=subprocess.STDOUT
        )
        found = self._wait_ready(path, time.monotonic() + timeout)
        self.url = found.group(1)
        self._port = int(self.url.rpartition(":")[2])
        self.control.close()
        self.control = Control(found.group(2))
        return self

    def _wait_ready(self, log: Path, deadline: float) -> re.Match[str]:
        while True:
            text = log.read_text(encoding="utf-8")
            if found := _READY.search(text):
                return found
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
