"""The health endpoints of a worker whose loop does not run."""

import pytest

from services.dialer_sync.http.app import create_app
from services.dialer_sync.http.health import stall_limit
from services.dialer_sync.ucce.client import UcceSettings
from services.dialer_sync.worker import Worker
from shared.db.session import Database
from shared.web.auth import blueprints_without_auth
from tests.integration.dialer_sync.master_fixture import worker_settings
from tests.support.json_client import JsonClient


@pytest.fixture
def worker(database: Database) -> Worker:
    """A worker whose loop was never started."""
    return Worker(worker_settings(UcceSettings("https://127.0.0.1:1", "u", "p", None, 1.0)), database=database)


@pytest.fixture
def health_client(worker: Worker) -> JsonClient:
    return JsonClient(create_app(worker))


def test_a_loop_that_was_seen_a_moment_ago_is_alive(health_client: JsonClient) -> None:
    assert health_client.get("/health/live").status_code == 200


def test_a_loop_that_hangs_is_reported_as_stalled(health_client: JsonClient, worker: Worker) -> None:
    worker.state._heartbeat_at -= stall_limit(worker) + 1
    answer = health_client.get("/health/live")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "reason": "stalled"})


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_standby_answers_503_to_every_method(health_client: JsonClient, method: str) -> None:
    assert getattr(health_client, method)("/health/master").status_code == 503


def test_a_worker_without_zookeeper_is_not_ready(health_client: JsonClient) -> None:
    assert health_client.get("/health/ready").json == {"status": "unavailable", "reason": "zookeeper"}


def test_a_worker_whose_clock_is_wrong_is_not_ready_and_one_that_drifts_a_little_is(
    health_client: JsonClient, worker: Worker
) -> None:
    worker.elector.problem = None
    worker.state.record_clock_skew(-59.0)
    assert health_client.get("/health/ready").status_code == 200
    worker.state.record_clock_skew(61.0)
    assert health_client.get("/health/ready").json == {"status": "unavailable", "reason": "clock"}


def test_every_blueprint_says_who_may_call_it(worker: Worker) -> None:
    assert blueprints_without_auth(create_app(worker)) == []


def test_an_unknown_path_is_a_problem_with_a_request_id(health_client: JsonClient) -> None:
    answer = health_client.get("/nothing", headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (404, "application/problem+json", "not_found")
    assert answer.headers["X-Request-ID"] == "mine"


def test_metrics_name_the_worker(health_client: JsonClient) -> None:
    text = health_client.get("/metrics").text
    for name in ("cm_master", "cm_overdue", "cm_unsettled", "cm_slot_drift", "cm_ucce_up", "cm_ucce_call_seconds"):
        assert name in text
