"""Part `slow-senders`: latency and errors of honest callers while clients without a login send slowly."""

import http.client
import statistics
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

ROUNDS = 3
CALLERS = 3  # each asks 20 times a second: together below what HAProxy lets one address ask
PAUSE_SECONDS = 0.05
HONEST = "127.0.0.9"  # an address like any other for HAProxy
ASKED = (("/api/v1/availability?skill=Bench", 200), ("/admin/api/v1/auth/me", 401))


def measure(var: Path, seconds: float) -> tuple[dict[str, Any], list[Check]]:
    """Availability's p99 without and during each attack, alternating; and every unexpected answer."""
    system = SystemUnderTest(var)
    try:
        system.start()
        port = system.stack.settings.ports["http"]
        _listen(port, 2.0)  # warm
        found = {name: _compare(name, port, seconds) for name in ATTACKS}
    finally:
        system.stop()
    checks = []
    for name, figures in found.items():
        checks.append(at_most(f"{name}: availability p99, times quiet", figures["ratio"], 1.2))
        checks.append(at_most(f"{name}: errors of {figures['requests']} honest requests", figures["errors"], 0))
    return found, checks


def _compare(attack: str, port: int, seconds: float) -> dict[str, Any]:
    quiet, under = [], []
    for _ in range(ROUNDS):
        quiet.append(_listen(port, seconds))
        with _attack(attack, port):
            under.append(_listen(port, seconds))
    before, during = (statistics.median(one["p99_ms"] for one in rounds) for rounds in (quiet, under))
    return {
        "quiet_p99_ms": before,
        "p99_ms": during,
        "max_ms": max(one["max_ms"] for one in under),
        "ratio": during / before,
        "errors": sum(one["errors"] for one in under),
        "requests": sum(one["requests"] for one in under),
    }


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


def _listen(port: int, seconds: float) -> dict[str, Any]:
    """Honest callers of both APIs for `seconds`: availability's latency, and the errors of all."""
    ends = time.monotonic() + seconds
    seen: list[tuple[str, float, bool]] = []
    callers = [threading.Thread(target=_call, args=(port, ASKED[0], ends, seen)) for _ in range(CALLERS)]
    callers.append(threading.Thread(target=_call, args=(port, ASKED[1], ends, seen)))
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    times = sorted(took for path, took, _ in seen if path == ASKED[0][0])
    return {
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "max_ms": times[-1] * 1000,
        "errors": sum(not good for _, _, good in seen),
        "requests": len(seen),
    }


def _call(port: int, asked: tuple[str, int], ends: float, seen: list[tuple[str, float, bool]]) -> None:
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
        seen.append((path, time.monotonic() - began, status == expected))
        time.sleep(PAUSE_SECONDS)
