"""Part `slow-senders`: latency and errors of honest callers while clients without a login send slowly."""

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.report import Check, at_most
from tests.bench.system_under_test import KEY, SystemUnderTest
from tests.support.slow_senders import ATTACKS

ROUNDS = 10
CALLERS = 3  # each asks 20 times a second: together below what HAProxy lets one address ask
PAUSE_SECONDS = 0.05
HONEST = "127.0.0.9"  # an address like any other for HAProxy
Answer = tuple[str, float, bool]  # path, seconds, and whether it was the expected one
ASKED = (("/api/v1/availability?skill=Bench", 200), ("/admin/api/v1/auth/me", 401))


def measure(var: Path, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """Availability's p99 during each attack against that without one, of the answers of all rounds; and every error.

    All attacks come in turn in each round, and a quiet time before each, so that what else the machine does meets them
    alike. `noise` compares every second quiet time with the others: what the machine alone makes of the ratio.
    """
    system = SystemUnderTest(var)
    quiet: tuple[list[Answer], list[Answer]] = ([], [])
    heard: dict[str, list[Answer]] = {name: [] for name in ATTACKS}
    try:
        system.start()
        port = system.stack.settings.ports["http"]
        _listen(port, 2.0)  # warm
        for turn, name in enumerate(ROUNDS * list(ATTACKS)):
            quiet[(turn + turn // len(ATTACKS)) % 2].extend(_listen(port, seconds / 2))
            with _attack(name, port):
                heard[name].extend(_listen(port, seconds / 2))
    finally:
        system.stop()
    halves, calm = [_figures(half)["p99_ms"] for half in quiet], _figures([*quiet[0], *quiet[1]])
    calm["noise"] = max(halves) / min(halves)
    found = {name: _figures(answers) for name, answers in heard.items()}
    checks = []
    for name, figures in found.items():
        figures["ratio"] = figures["p99_ms"] / calm["p99_ms"]
        checks.append(at_most(f"{name}: availability p99, times quiet", figures["ratio"], 1.2))
        checks.append(at_most(f"{name}: errors of {figures['requests']} honest requests", figures["errors"], 0))
    checks.append(at_most("quiet times against each other: availability p99", calm["noise"], 1.2))
    return {"quiet": calm} | found, checks


@contextmanager
def _attack(name: str, port: int) -> Iterator[None]:
    """The attack, from a process of its own; it has begun when this yields."""
    command = [sys.executable, "-m", "tests.support.slow_senders", name, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attacker:
        assert attacker.stdin is not None
        assert attacker.stdout is not None
        attacker.stdout.readline()
        yield
        attacker.stdin.close()


def _listen(port: int, seconds: float) -> list[Answer]:
    """What honest callers of both APIs hear for `seconds`."""
    ends = time.monotonic() + seconds
    heard: list[Answer] = []
    callers = [
        threading.Thread(target=_call, args=(port, asked, ends, heard)) for asked in (ASKED[0],) * CALLERS + ASKED[1:]
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return heard


def _figures(heard: list[Answer]) -> dict[str, Any]:
    """Availability's latency, and the errors of all requests."""
    times = sorted(took for path, took, _ in heard if path == ASKED[0][0])
    return {
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "max_ms": times[-1] * 1000,
        "errors": sum(not good for _, _, good in heard),
        "requests": len(heard),
    }


def _call(port: int, asked: tuple[str, int], ends: float, heard: list[Answer]) -> None:
    """One caller; each request on a connection of its own, as an IVR's."""
    path, expected = asked
    while time.monotonic() < ends:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=12, source_address=(HONEST, 0))
        try:
            connection.request("GET", path, headers={"X-API-Key": KEY})
            response = connection.getresponse()
            response.read()
            status = response.status
        except OSError:
            status = 0
        finally:
            connection.close()
        heard.append((path, time.monotonic() - began, status == expected))
        time.sleep(PAUSE_SECONDS)
