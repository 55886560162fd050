"""After kills of booking nodes, and of the database server, under load every acknowledged booking exists exactly once.

Each node gets SIGKILL. On a server CM_TEST_SERVER_CRASH is a command that kills the server abruptly and starts it
again. CM_TEST_ROUNDS: the number of rounds (1). CM_TEST_DEADLINE: the booking API's deadline.
"""

import os
import subprocess
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from shared.db import models
from tests.support.configured_database import World, phone
from tests.support.gunicorn_nodes import LONG_TIMEOUTS, Node, StartNode, soon
from tests.support.until import until

ROUNDS = int(os.environ.get("CM_TEST_ROUNDS", "1"))
CRASH = os.environ.get("CM_TEST_SERVER_CRASH", "")
CALLERS = 6
DEADLINE = os.environ.get("CM_TEST_DEADLINE", "")
SETTINGS = {"CM_BOOKING_DEADLINE": DEADLINE} if DEADLINE else LONG_TIMEOUTS

pytestmark = pytest.mark.timeout(240 + 240 * ROUNDS)


class Caller:
    """Books one callback after the other, each with a key; repeats what was not answered, at the other node."""

    def __init__(self, nodes: list[Node], ended: threading.Event) -> None:
        self._nodes, self._ended = nodes, ended
        self.acknowledged: dict[str, str] = {}  # account numbers by phone number
        self.refused: set[str] = set()
        self.unanswered = 0
        self.slowest = 0.0  # seconds until an answer came, whatever it was

    def run(self) -> None:
        while not self._ended.is_set():
            self._book(phone(), soon(1 + hash(uuid.uuid4()) % 90), str(uuid.uuid4()))

    def _book(self, number: str, start: str, key: str) -> None:
        body = {"phone": number, "start": start, "skill": "Billing", "requestId": key}
        began = time.monotonic()
        for node in self._nodes * 1000:
            asked = time.monotonic()
            try:
                answer = requests.post(
                    f"{node.url}/api/v1/callbacks", json=body, headers={"X-API-Key": node.key}, timeout=30
                )
            except requests.RequestException:
                answer = None
            else:
                self.slowest = max(self.slowest, time.monotonic() - asked)
            if answer is not None and answer.status_code in (200, 201):
                self.acknowledged[number] = answer.json()["accountNumber"]
                return
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                self.refused.add(number)
                return
            if time.monotonic() - began > 60:
                break
            self._ended.wait(0.1)
        self.unanswered += 1


def test_what_was_acknowledged_is_there_once_whatever_was_killed(start_node: StartNode, current_world: World) -> None:
    nodes = [start_node(ready=False, **SETTINGS) for _ in range(2)]
    until(lambda: all(node.book(start=soon(95)).status_code < 500 for node in nodes), timeout=150, every=1)
    ended = threading.Event()
    callers = [Caller(nodes if number % 2 else nodes[::-1], ended) for number in range(CALLERS)]

    def acknowledged() -> int:
        return sum(len(caller.acknowledged) for caller in callers)

    def goes_on(further: int = 10) -> None:
        so_far = acknowledged()
        until(lambda: acknowledged() >= so_far + further, timeout=150)

    with ThreadPoolExecutor(CALLERS) as pool:
        running = [pool.submit(caller.run) for caller in callers]
        try:
            goes_on()
            for _ in range(ROUNDS):
                for node in nodes:
                    node.process.kill()
                    node.process.start()
                    goes_on()
                if CRASH:
                    subprocess.run(CRASH, shell=True, check=True, timeout=60)  # noqa: S602
                    goes_on()
        finally:
            ended.set()
        for one in running:
            one.result(timeout=90)

    current_world.database.engine.dispose()  # the test's own connections died with the server
    booked = current_world.rows(models.Callback)
    by_phone = Counter(row.phone for row in booked)
    told = {number: account for caller in callers for number, account in caller.acknowledged.items()}
    there = {row.phone: row.account_number for row in booked}
    lost = [number for number, account in told.items() if there.get(number) != account]
    double = [number for number, count in by_phone.items() if count > 1]
    refused = {number for caller in callers for number in caller.refused}
    unanswered = sum(caller.unanswered for caller in callers)
    slowest = max(caller.slowest for caller in callers)
    print(f"{len(told)} acknowledged, {len(lost)} lost, {len(double)} double, "
          f"{len(current_world.drift())} slots drifted, {len(refused)} refused, "
          f"{unanswered} unanswered, slowest answer {slowest:.1f} s")  # fmt: skip
    assert (lost, double, current_world.drift()) == ([], [], [])
    assert refused.isdisjoint(there)
    assert unanswered == 0
