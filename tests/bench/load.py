"""Load from a separate process, wrk, which uses little processor time, so that the server is measured."""

import itertools
import json
import os
import statistics
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).with_name("wrk")
CONNECTIONS = 16
ROUNDS = 3

# Every round books with unused numbers: 200,000 for each of wrk's threads.
_first_numbers = itertools.count(2_000_000, 200_000)


@dataclass(frozen=True, slots=True)
class Load:
    """The result of one round of load. Times are milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    requests: int
    bad: int


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of the rounds, with the least and the greatest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Figure":
        return cls(statistics.median(values), min(values), max(values))


def rounds(**loads: Callable[[], Load]) -> dict[str, dict[str, Any]]:
    """Run each load ROUNDS times; returns its rate, p50 and p99 by name. Raises when any request failed.

    The loads alternate round by round, so that a temporary slowdown of the machine affects all of them.
    """
    seen: dict[str, list[Load]] = {name: [] for name in loads}
    for _ in range(ROUNDS):
        for name, load in loads.items():
            seen[name].append(load())
    return {name: _figures(each) for name, each in seen.items()}


def _figures(loads: list[Load]) -> dict[str, Any]:
    bad = sum(one.bad for one in loads)
    if bad:
        raise AssertionError(f"{bad} of {sum(one.requests for one in loads)} requests were not answered with 2xx")
    figures = {name: Figure.of([getattr(one, name) for one in loads]) for name in ("rate", "p50_ms", "p99_ms")}
    return {name: asdict(figure) for name, figure in figures.items()}


def availability(url: str, seconds: float, key: str, path: str = "/api/v1/availability?skill=Bench") -> Load:
    """One round of availability questions."""
    return _wrk("availability.lua", url, seconds, {"BENCH_KEY": key, "BENCH_PATH": path})


def bookings(url: str, seconds: float, key: str, starts: Path) -> Load:
    """One round of bookings at the starts of the file, in turn."""
    first = str(next(_first_numbers))
    return _wrk("booking.lua", url, seconds, {"BENCH_KEY": key, "BENCH_STARTS": str(starts), "BENCH_FIRST": first})


def voice(url: str, seconds: float, key: str, call: str) -> Load:
    """One round of flat calls: `offer`, or `book` for slot 1 of the offer of the call `bench`."""
    first = str(next(_first_numbers))
    return _wrk("voice.lua", url, seconds, {"BENCH_KEY": key, "BENCH_CALL": call, "BENCH_FIRST": first})


def _wrk(script: str, url: str, seconds: float, env: Mapping[str, str]) -> Load:
    command = ["wrk", "--threads", "2", "--connections", str(CONNECTIONS), "--duration", f"{seconds:g}s",
               "--timeout", "10s", "--script", str(SCRIPTS / script), url]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=seconds + 60
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("BENCH ")), None)
    if line is None:
        raise RuntimeError(f"wrk said nothing of its load: {done.stdout}{done.stderr}")
    seen = json.loads(line.removeprefix("BENCH "))
    return Load(
        seen["requests"] / seen["seconds"],
        seen["p50_ms"],
        seen["p99_ms"],
        seen["max_ms"],
        seen["requests"],
        seen["bad"],
    )
