"""While a part of the system is down users get the documented answers; it recovers without a restart of the others."""

import signal
import sqlite3
import time
from collections.abc import Iterator
from functools import partial

import pytest
import requests

from deploy.sandbox.stack import Stack
from deploy.sandbox.ucce_simulator.control_client import Control
from tests.e2e.free_slots import make_room
from tests.e2e.ivr import Ivr, Operator, control, soon
from tests.servers import sources
from tests.servers.stacks import running_stack
from tests.support.databases import database_settings
from tests.support.until import until


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of this module's own, whose parts the tests stop and start again."""
    sources.need_local_stack()
    settings = {"CM_SYNC_INTERVAL": "1", "CM_ZOOKEEPER_SESSION_TIMEOUT": "4", "CM_UCCE_TIMEOUT": "1.2"}
    with (
        database_settings() as database,
        running_stack(tmp_path_factory.mktemp("stack"), {**database, **settings}) as running,
    ):
        make_room(running)
        yield running


def test_without_redis_everything_works(own_stack: Stack) -> None:
    ivr = Ivr(own_stack)
    own_stack["redis"].kill()
    number = ivr.book()["accountNumber"]
    ivr.wait_for(number, "completed", "failed")
    metrics = [requests.get(f"{own_stack.env[f'CM_BOOKING_{node}_URL']}/metrics", timeout=5).text for node in (1, 2)]
    assert any("cm_redis_up 0.0" in text for text in metrics)
    own_stack["redis"].start()
    own_stack["redis"].wait_ready()


def test_without_zookeeper_nothing_is_sent_and_bookings_go_on(own_stack: Stack) -> None:
    ivr, ucce = Ivr(own_stack), control(own_stack)
    own_stack["zookeeper"].kill(signal.SIGSTOP)
    until(lambda: own_stack.master() is None, timeout=15, what="no master")
    sent = len(ucce.received(method="POST", kind="import"))
    number = ivr.book()["accountNumber"]
    assert requests.get(f"{own_stack.url}/health/master", timeout=5).status_code == 503
    three_cycles_on = time.monotonic() + 3
    until(lambda: time.monotonic() > three_cycles_on, timeout=5)
    assert ivr.status(number) == "scheduled"
    assert len(ucce.received(method="POST", kind="import")) == sent
    own_stack["zookeeper"].kill(signal.SIGCONT)
    ivr.wait_for(number, "completed", "failed")


def test_while_ucce_is_down_callbacks_wait_and_the_operator_sees_why(own_stack: Stack) -> None:
    ivr, operator = Ivr(own_stack), Operator(own_stack)
    until(lambda: own_stack.master() is not None, timeout=15, what="a master")
    own_stack["ucce"].kill()
    number = ivr.book()["accountNumber"]
    try:
        until(lambda: operator.status()["ucce"]["reachable"] is False, timeout=20, what="UCCE seen down")
        until(lambda: ivr.status(number) == "scheduled", what="waiting again")  # claimed for a moment during each try
    finally:
        own_stack["ucce"].start()
        own_stack["ucce"].wait_ready()
    ivr.wait_for(number, "completed", "failed", timeout=60)


def more_imports(ucce: Control, before: int) -> bool:
    return len(ucce.received(method="POST", kind="import")) > before


def another_master(stack: Stack, dead: str) -> bool:
    return stack.master() not in (None, dead)


def test_a_master_killed_at_work_loses_nothing_and_sends_nothing_twice(own_stack: Stack) -> None:
    ivr, ucce = Ivr(own_stack), control(own_stack)
    numbers = []
    for _ in range(3):
        ucce.delay(0.5)  # so that the kill finds an import under way
        numbers += [ivr.book()["accountNumber"] for _ in range(4)]
        before = len(ucce.received(method="POST", kind="import"))
        until(partial(more_imports, ucce, before), timeout=15)
        master = until(own_stack.master, timeout=15)
        own_stack[master].kill()
        ucce.delay(0)
        until(partial(another_master, own_stack, master), timeout=20, what="another master")
        own_stack[master].start()
        own_stack[master].wait_ready()
    for number in numbers:
        ivr.wait_for(number, "completed", "failed", timeout=60)
    assert ucce.duplicates() == []
    assert {key[:26] for key in ucce.taken()} >= set(numbers)


def test_while_the_database_is_locked_a_booking_gets_503_in_time_and_then_works(own_stack: Stack) -> None:
    if not own_stack.env["CM_DATABASE_URL"].startswith("sqlite"):
        pytest.skip("locking the database file is for SQLite; a T-SQL server is taken away in tests/integration")
    ivr = Ivr(own_stack)
    locker = sqlite3.connect(own_stack.env["CM_DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    refused = ivr.post("callbacks", {"phone": "+13125550199", "start": soon(), "skill": "Billing"})
    took = time.monotonic() - began
    locker.execute("ROLLBACK")
    locker.close()
    assert (refused.status_code, refused.json()["code"], took < 5) == (503, "service_unavailable", True)
    assert int(refused.headers["Retry-After"]) > 0
    until(ivr.book, timeout=10, what="a booking after the lock")
