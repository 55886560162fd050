"""A UCCE that fails in any way is reported as down in status, metrics and log, and as up again at once when
it works.
"""

from collections.abc import Callable
from typing import Any

import pytest

from services.dialer_sync.ucce.connection.availability import FORGOTTEN_SECONDS, Call, UcceAvailability
from services.dialer_sync.ucce.errors import ApiError, UcceError, failure
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.worker_processes import WorkerProcess, WorkerProcesses
from tests.support.until import until

pytestmark = pytest.mark.long

HTML = "<html><head><title>Sign in</title></head><body><form action='login'/></body></html>"
WAYS: dict[str, tuple[dict[str, Any], str]] = {
    "a redirect to a login page": ({"status": 302, "bare": True}, "302"),
    "500 of a proxy": ({"status": 500, "bare": True}, "500"),
    "500 in UCCE's words": ({"status": 500, "message": "Null pointer."}, "500: Null pointer."),
    "200 with a login page": ({"body": HTML}, "web page"),
    "200 with some other document": ({"body": "<login/>"}, "login"),
    "409": ({"status": 409, "message": "Locked."}, "409"),
    "429": ({"status": 429, "bare": True}, "429"),
}


def logged(worker: WorkerProcess, event: str) -> list[dict[str, Any]]:
    return [line for line in worker.lines() if line["event"] == event]


def sample(worker: WorkerProcess, name: str) -> float:
    """The sum of the samples of a metric."""
    lines = worker.ask("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@pytest.mark.parametrize("way", WAYS)
def test_ucce_that_fails_every_call_is_down_and_said_to_be(
    workers: WorkerProcesses, observer: MasterFixture, way: str
) -> None:
    planned, words = WAYS[way]
    worker = workers.start("one")
    until(lambda: sample(worker, "cm_ucce_up") == 1, timeout=15)
    observer.simulator.control.next_answer(times=0, **planned)
    due = observer.add(1)
    until(lambda: worker.status()["ucce"]["reachable"] is False)
    assert sample(worker, "cm_ucce_up") == 0
    assert words in worker.status()["ucce"]["lastError"]["message"]
    until(lambda: sample(worker, "cm_ucce_failed_calls_total") >= 4, timeout=15)
    assert worker.status()["ucce"]["reachable"] is False
    assert len(logged(worker, "ucce_down")) == 1
    failed = logged(worker, "ucce_call_failed")
    assert all(words in line["problem"] for line in failed)
    operations = [(line["method"], line["kind"], line["campaign"]) for line in failed]
    assert len(set(operations)) == len(operations), "a failure was logged although nothing had changed"
    observer.simulator.control.clear_next_answers()
    until(lambda: worker.status()["ucce"]["reachable"] is True, timeout=20)
    until(lambda: observer.statuses(due) == ["imported"], timeout=30)
    assert sample(worker, "cm_ucce_up") == 1
    assert observer.simulator.control.duplicates() == []


def test_a_master_that_has_nothing_to_ask_looks_whether_ucce_is_still_there(master: MasterFixture) -> None:
    before = len(master.simulator.control.received())
    master.context.client._ended_at -= 31  # nothing was asked for so long
    master.cycle()
    asked = master.simulator.control.received()[before:]
    assert [(request["method"], request["kind"]) for request in asked] == [("GET", "campaigns")]
    master.cycle()
    assert len(master.simulator.control.received()) == before + 1


# which failed calls together mean that UCCE is down


class Watched:
    """Calls that end as given, and whether UCCE counts as down after them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.availability = UcceAvailability(lambda: self.seconds)

    def call(self, campaign: int | None, error: UcceError | None = None, method: str = "GET", kind: str = "x") -> None:
        outcome = "ok" if error is None else str(error.status)
        self.availability.record_call(Call(kind, method, campaign, outcome, 0.1, error))

    @property
    def up(self) -> bool | None:
        return self.availability.up


BY_UCCE = [ApiError("type", "no")]


def error(status: int, *, by_ucce: bool = True) -> UcceError:
    return failure(status, BY_UCCE if by_ucce else [])


def test_one_campaign_of_several_that_fails_leaves_ucce_up_and_two_do_not() -> None:
    watched = Watched()
    for _ in range(3):
        watched.call(1)
        watched.call(2, error(500), "POST")
        assert watched.up is True
        watched.call(3)
    for _ in range(2):
        watched.call(3, error(500), "POST")
        watched.call(1)
    assert watched.up is False
    watched.call(3, None, "POST")
    assert watched.up is True


def test_the_only_campaign_whose_imports_fail_means_down_although_reading_works() -> None:
    watched = Watched()
    for expected in (True, False, False):
        watched.call(1)
        watched.call(1, error(500), "POST")
        watched.call(1)
        assert watched.up is expected
    watched.seconds += FORGOTTEN_SECONDS + 1
    watched.call(1)
    assert watched.up is True


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_an_answer_that_concerns_every_call_means_down_at_once(status: int) -> None:
    watched = Watched()
    watched.call(1)
    watched.call(2, error(status, by_ucce=False))
    assert watched.up is False


@pytest.mark.parametrize(("status", "method"), [(400, "POST"), (404, "GET"), (404, "POST"), (400, "PUT"), (409, "PUT")])
def test_a_refusal_of_what_was_asked_never_means_down(status: int, method: str) -> None:
    watched = Watched()
    for campaign in (1, 2, 3) * 3:
        watched.call(campaign, error(status), method)
        assert watched.up is True


@pytest.mark.parametrize(
    "broken", [lambda: error(404, by_ucce=False), lambda: error(409), lambda: error(400, by_ucce=False)]
)
def test_the_same_status_of_a_proxy_or_to_a_reading_means_down(broken: Callable[[], UcceError]) -> None:
    watched = Watched()
    for _ in range(2):
        watched.call(1, broken())
    assert watched.up is False
