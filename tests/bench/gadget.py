"""Part `gadget`: the latency of IVRs' bookings while 5,000 agents begin their shift, 50 sessions a second.

The agents' desktops are a process of their own: `python -m tests.bench.gadget PORT FIRST`. So is Finesse (the fake),
which takes processor time that a real one would not take here.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import ceil
from pathlib import Path
from typing import Any

from deploy.sandbox.finesse.control_client import Control
from tests.bench.report import Check, at_least, at_most
from tests.bench.system_under_test import KEY, SystemUnderTest

AGENTS, SESSIONS_PER_SECOND = 5000, 50
DESKTOPS = 16  # threads that log agents in, each when its turn in the schedule comes
TRIES = 5  # of a desktop that is told to come again
CALLERS, PAUSE_SECONDS = 3, 0.05  # IVRs that book
BOOKING = "/api/v1/callbacks"

_numbers = itertools.count(2_000_000)  # of unused phones


def measure(var: Path, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """p99 of bookings while sessions begin against that without, of the answers of all rounds; quiet times and shift
    changes take turns, until every agent has a session. `noise` compares every second quiet time with the others.
    """
    system = SystemUnderTest(var, {"CM_GADGET_ENABLED": "true"})
    quiet: tuple[list[float], list[float]] = ([], [])
    busy: list[float] = []
    sessions: list[dict[str, Any]] = []
    try:
        system.start()
        port = system.stack.settings.ports["http"]
        _make_agents(system)
        starts = [start.isoformat() for start in system.spread_starts]
        _book(port, starts, 2.0)  # warm
        each = ceil(SESSIONS_PER_SECOND * seconds)
        for turn, first in enumerate(range(0, AGENTS, each)):
            quiet[turn % 2].extend(_book(port, starts, seconds))
            with _shift_change(port, first, sessions):
                busy.extend(_book(port, starts, seconds))
        wrong = system.wrong_slots()
    finally:
        system.stop()
    halves, calm = [_p99(half) for half in quiet], _p99([*quiet[0], *quiet[1]])
    begun, took = sum(one["ok"] for one in sessions), sum(one["seconds"] for one in sessions)
    found = {"quiet_p99_ms": calm, "busy_p99_ms": _p99(busy), "bookings": len(busy), "noise": max(halves) / min(halves),
             "sessions": begun, "failed_sessions": sum(one["failed"] for one in sessions),
             "sessions_per_second": begun / took, "session_p99_ms": max(one["p99_ms"] for one in sessions)}  # fmt: skip
    return found, [
        at_most("gadget: bookings' p99 in a shift change, times quiet", found["busy_p99_ms"] / calm, 1.2),
        at_least("gadget: sessions a second", found["sessions_per_second"], 0.95 * SESSIONS_PER_SECOND),
        at_most(f"gadget: failed of {begun} sessions", found["failed_sessions"], 0),
        at_most("gadget: overbooked or drifted slots", sum(wrong.values()), 0),
        at_most("gadget: quiet times against each other: bookings' p99", found["noise"], 1.2),
    ]


def _make_agents(system: SystemUnderTest) -> None:
    environment = system.stack.settings.environment
    url, ca_file = environment["CM_FINESSE_URLS"].split(",")[0], Path(environment["CM_FINESSE_CA_FILE"])
    with closing(Control(url, ca_file)) as control:
        control.agents([{"id": _agent(number), "password": "bench"} for number in range(AGENTS)])


def _agent(number: int) -> str:
    return str(100_000 + number)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)] * 1000


def _book(port: int, starts: list[str], seconds: float) -> list[float]:
    """How long IVRs waited for each booking. Raises for one that was not made."""
    ends = time.monotonic() + seconds
    times: list[float] = []
    callers = [threading.Thread(target=_call, args=(port, starts, ends, times)) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    if None in times:
        raise AssertionError("a booking was refused")
    return times


def _call(port: int, starts: list[str], ends: float, times: list[Any]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=12)
    while time.monotonic() < ends:
        number = next(_numbers)
        body = {"phone": f"+1312{number}", "start": starts[number % len(starts)], "skill": "Bench"}
        began = time.monotonic()
        answered = _post(connection, BOOKING, body, {"X-API-Key": KEY}) == 201
        times.append(time.monotonic() - began if answered else None)
        time.sleep(PAUSE_SECONDS)
    connection.close()


def _post(connection: http.client.HTTPConnection, path: str, body: Any, headers: dict[str, str]) -> int:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
    response = connection.getresponse()
    response.read()
    return response.status


@contextmanager
def _shift_change(port: int, first: int, sessions: list[dict[str, Any]]) -> Iterator[None]:
    """Agents from number `first` on log in meanwhile; what became of them is added to `sessions`."""
    command = [sys.executable, "-m", "tests.bench.gadget", str(port), str(first)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as desktops:
        assert desktops.stdin is not None
        assert desktops.stdout is not None
        desktops.stdout.readline()
        yield
        desktops.stdin.close()
        sessions.append(json.loads(desktops.stdout.readline()))


def _log_in_until_told(port: int, first: int) -> dict[str, Any]:
    """Log agents in by the schedule until stdin is closed."""
    numbers, began, over = itertools.count(), time.monotonic(), threading.Event()
    times: list[float] = []
    failed: list[int] = []

    def desk() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=12)
        for number in numbers:
            if over.wait(max(0.0, began + number / SESSIONS_PER_SECOND - time.monotonic())):
                return
            agent = _agent((first + number) % AGENTS)
            body = {"agentId": agent, "authorization": b64encode(f"{agent}:bench".encode()).decode()}
            sent = time.monotonic()
            for _ in range(TRIES):
                status = _post(connection, "/api/v1/gadget/session", body, {})
                if status != 503:
                    break
                time.sleep(1)  # as Retry-After says, and the gadget does
            times.append(time.monotonic() - sent)
            if status != 200:
                failed.append(status)

    desks = [threading.Thread(target=desk) for _ in range(DESKTOPS)]
    for one in desks:
        one.start()
    print("begun", flush=True)
    sys.stdin.read()
    over.set()
    for one in desks:
        one.join()
    return {"ok": len(times) - len(failed), "failed": len(failed), "p99_ms": _p99(times),
            "seconds": time.monotonic() - began}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_log_in_until_told(int(sys.argv[1]), int(sys.argv[2]))), flush=True)
