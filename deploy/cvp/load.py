"""`python -m deploy.cvp.load`: play a load profile against a system, as the callers of CALL_STUDIO.md's applications.

It books real callbacks: never play it on a system that dials customers.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from deploy.cvp.ivr_calls import IvrCalls
from deploy.sandbox import demo_env, signals

PROFILE = Path(__file__).parent / "load_profile.json"
THREADS = 32  # callers at once: as many as a VXML server would have waiting for us
SLOWEST_P99_SECONDS = 1.0  # a caller hears silence meanwhile


@dataclass
class Measured:
    """Seconds of each call's answers, and how often each `result` came."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    results: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, call: str, seconds: float, result: str) -> None:
        with self.lock:
            self.seconds[call].append(seconds)
            self.results[call][result] += 1

    def p(self, call: str, share: float) -> float:
        ordered = sorted(self.seconds[call])
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def unavailable(self) -> int:
        return sum(results["service_unavailable"] for results in self.results.values())

    def table(self) -> str:
        """One line per call, in milliseconds."""
        lines = [f"{'call':<9} {'answers':>7} {'p50 ms':>7} {'p99 ms':>7} {'max ms':>7}  results"]
        for call, seconds in self.seconds.items():
            times = "".join(f"{1000 * one:8.0f}" for one in (self.p(call, 0.5), self.p(call, 0.99), max(seconds)))
            results = ", ".join(f"{name} {number}" for name, number in self.results[call].most_common())
            lines.append(f"{call:<9} {len(seconds):>7}{times}  {results}")
        return "\n".join(lines)


class Callers:
    """Callers with numbers of their own, who do what the profile says; each thread has a connection of its own."""

    def __init__(
        self, profile: dict[str, Any], access: tuple[str, str, str, str | None], skill: str, seed: int
    ) -> None:
        """`access`: what IvrCalls is made of."""
        self.measured = Measured()
        self._profile, self._skill, self._random = profile, skill, random.Random(seed)  # noqa: S311 - no secrets
        self._access = access
        self._own = threading.local()
        self._numbers = count(self._random.randrange(2_000_000, 8_000_000))
        self._run = f"load-{int(time.time())}"

    def arrivals(self) -> Iterator[float]:
        """Seconds from the beginning at which a caller comes, at random as callers do."""
        start = 0.0
        for phase in self._profile["phases"]:
            at, start = start, start + phase["seconds"]
            while (at := at + self._random.expovariate(phase["callersPerSecond"])) < start:
                yield at

    def play(self) -> Measured:
        """All of the profile; returns once the last caller is gone."""
        began = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            for at in self.arrivals():
                time.sleep(max(0.0, began + at - time.monotonic()))
                pool.submit(self._caller, next(self._numbers), [self._random.random() for _ in range(3)])
        return self.measured

    def _caller(self, number: int, dice: list[float]) -> None:
        profile, call_id = self._profile, f"{self._run}-{number}"
        who = {"skill": self._skill, "phone": f"+1312{number:07d}", "callId": call_id}
        offer = self._ask("get", "offer", **who, max=5)
        if offer.get("count") and dice[0] < profile["askForOtherTimes"]:
            offer = self._ask("get", "offer", **who, max=5, part="afternoon")
        if offer.get("count") and dice[1] < profile["book"]:
            booked = self._ask("post", "book", **who, slot=1, data_reason="load")
            if booked["result"] == "ok" and dice[2] < profile["answerTheCall"]:
                self._ask("get", "callback", account=booked["accountNumber"])
        elif dice[1] < profile["book"] + profile["decline"]:
            self._ask("post", "decline", skill=self._skill, callId=call_id, outcome="declined")

    def _ask(self, method: str, call: str, **fields: Any) -> dict[str, Any]:
        calls: IvrCalls | None = getattr(self._own, "calls", None)
        if calls is None:
            calls = self._own.calls = IvrCalls(*self._access)
        began = time.monotonic()
        answer = (calls.get if method == "get" else calls.post)(call, **fields)
        self.measured.add(call, time.monotonic() - began, answer["result"])
        return answer


def main() -> None:
    arguments = _parser().parse_args()
    env = demo_env.read(signals.var_directory())
    url, key = arguments.url or env.get("CM_URL"), arguments.key or env.get("CM_IVR_KEY")
    if not url or not key:
        sys.exit("No system runs from var/: start one with `make run`, or give --url and --key.")
    profile = json.loads(arguments.profile.read_text())
    skill = arguments.skill or env.get("CM_DEMO_SKILL", "")
    access = (url.rstrip("/"), arguments.client, key, arguments.ca_file)
    measured = Callers(profile, access, skill, arguments.seed).play()
    print(measured.table())
    slow = [call for call in measured.seconds if measured.p(call, 0.99) > SLOWEST_P99_SECONDS]
    if slow or measured.unavailable:
        sys.exit(
            f"p99 above {SLOWEST_P99_SECONDS:g} s: {', '.join(slow) or 'none'}; unavailable: {measured.unavailable}"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.cvp.load", description=__doc__)
    parser.add_argument("--profile", type=Path, default=PROFILE, help="a file in the form of load_profile.json")
    parser.add_argument("--url", help="of the load balancer (default: the system that runs from var/)")
    parser.add_argument("--client", default="demo-ivr", help="name of the API client (default: demo-ivr)")
    parser.add_argument("--key", help="its key (default: the demo's)")
    parser.add_argument("--ca-file", help="whose certificates to trust at an https address (PEM)")
    parser.add_argument("--skill", help="whose callers they are (default: the demo's)")
    parser.add_argument("--seed", type=int, default=1, help="of the arrivals and the callers' choices")
    return parser


if __name__ == "__main__":
    main()
