"""What every service answers: request ids, problems, health, metrics."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Blueprint, abort

from shared.clock import utcnow
from shared.db.migrate import downgrade, upgrade
from shared.redis_client import RedisClient
from shared.web.auth import public
from shared.web.dependencies import dependencies_of
from tests.support.booking_api import NO_REDIS, Api
from tests.support.configured_database import World
from tests.support.statements import watched
from tests.support.until import until


def metric(api: Api, name: str, **labels: str) -> float:
    """A sample of /metrics; 0 while there is none. The registry is the process's: compare before and after."""
    for line in api.get("/metrics", key="").text.splitlines():
        if line.startswith(name) and all(f'{label}="{value}"' in line for label, value in labels.items()):
            return float(line.rpartition(" ")[2])
    return 0.0


# --- request ids ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sane", ["a", "call-1", "0af7651916cd43dd8448eb211c80319c", "A.b_c:d/e+f=g@h-i", "x" * 128])
def test_a_sane_request_id_comes_back(api: Api, sane: str) -> None:
    response = api.get("/api/v1/callbacks/x", headers={"X-Request-ID": sane})

    assert response.headers["X-Request-ID"] == sane
    assert response.json["requestId"] == sane


@pytest.mark.parametrize("insane", ["", " ", "x" * 129, "a b", "é", "<script>", 'a"b', "a\tb", "{}", "a;b", "\x7f"])
def test_an_insane_request_id_is_replaced(api: Api, insane: str) -> None:
    response = api.get("/api/v1/callbacks/x", headers={"X-Request-ID": insane})

    assert response.headers["X-Request-ID"] != insane
    assert re.fullmatch(r"[0-9A-Z]{26}", response.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/nothing", "/api/v1/openapi.json", "/api/v1/docs"])
def test_every_answer_has_a_request_id_and_is_not_stored_or_guessed_at(api: Api, path: str) -> None:
    first, second = api.get(path, key=""), api.get(path, key="")

    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cache-Control" in first.headers


# --- problems ------------------------------------------------------------------------------------------------


def _failing_routes() -> Blueprint:
    blueprint = public(Blueprint("broken", __name__))

    @blueprint.get("/defect/<secret>")
    def defect(secret: str) -> Any:
        raise RuntimeError(f"internal text {secret}")

    @blueprint.get("/status/<int:status>")
    def status(status: int) -> Any:
        abort(status)

    return blueprint


@pytest.fixture
def failing_api(current_world: World) -> Iterator[Api]:
    """An API of its own name, so that no other test gets its app, with additional routes that fail."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(current_world, cache, node="failing")) as api:
        if "broken" not in api.app.blueprints:
            api.app.register_blueprint(_failing_routes())
        yield api


def test_a_defect_is_a_problem_without_its_text(failing_api: Api) -> None:
    response = failing_api.client.get("/defect/abc")

    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert response.json is not None
    assert response.json["code"] == "internal_error"
    assert "internal text" not in response.text
    assert "RuntimeError" not in response.text


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "validation_error"), (404, "not_found"), (406, "not_acceptable"), (412, "validation_error"),
     (414, "validation_error"), (415, "unsupported_media_type"), (416, "validation_error"), (418, "validation_error"),
     (429, "rate_limited"), (431, "validation_error"), (500, "internal_error"), (501, "internal_error"),
     (503, "service_unavailable")],
)  # fmt: skip
def test_every_error_of_the_framework_is_a_problem_with_its_status(failing_api: Api, status: int, code: str) -> None:
    response = failing_api.client.get(f"/status/{status}")

    assert response.json is not None
    assert (response.status_code, response.json["status"], response.json["code"]) == (status, status, code)
    assert response.mimetype == "application/problem+json"


# --- health --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_answers_200_to_whatever_a_balancer_asks_with(api: Api, path: str, method: str) -> None:
    api.now = utcnow()
    assert api.request(method, path, key="").status_code == 200


def test_a_node_whose_schema_is_outdated_is_not_ready_until_it_is_migrated(api: Api) -> None:
    api.now = utcnow()
    downgrade(api.world.database)
    response = api.get("/health/ready", key="")
    assert (response.status_code, response.json) == (503, {"status": "unavailable", "reason": "schema"})
    assert api.get("/health/live", key="").status_code == 200

    upgrade(api.world.database)

    until(lambda: api.get("/health/ready", key="").status_code == 200, timeout=2)


def test_a_node_that_stops_says_so_and_serves_on(api: Api) -> None:
    dependencies_of(api.app).readiness.stop()

    response = api.get("/health/ready", key="")

    assert (response.status_code, response.json["reason"]) == (503, "stopping")
    assert api.book().status_code == 201


def test_readiness_asks_the_database_at_most_twice_a_second(api: Api) -> None:
    api.now = utcnow()
    assert api.get("/health/ready", key="").status_code == 200

    with watched(api.world.database) as seen:
        for _ in range(20):
            assert api.get("/health/ready", key="").status_code == 200

    assert len(seen.kinds) <= 2


# --- metrics -------------------------------------------------------------------------------------------------


def test_bookings_are_counted_by_their_end(api: Api) -> None:
    ends = ["scheduled", "repeated", "unknown_skill", "invalid_phone", "duplicate_callback", "validation_error"]
    before = {end: metric(api, "cm_bookings_total", outcome=end) for end in ends}

    api.book(phone="+13125550142", requestId="key-1")
    api.book(phone="+13125550142", requestId="key-1")
    api.book(phone="+13125550142")
    api.book(skill="Nobody")
    api.book(phone="x")
    api.book(colour="red")
    api.post("/api/v1/callbacks", data="{")

    counted = {end: metric(api, "cm_bookings_total", outcome=end) - before[end] for end in ends}
    assert counted == {**dict.fromkeys(ends, 1.0), "validation_error": 2.0}


def test_requests_are_timed_by_route_and_status(api: Api) -> None:
    labels = {"method": "GET", "route": "/api/v1/callbacks/<string:account_number>", "status": "404"}
    before = metric(api, "cm_http_request_seconds_count", **labels)

    api.get("/api/v1/callbacks/01HZZZZZZZZZZZZZZZZZZZZZZZ")
    api.get("/api/v1/callbacks/whatever")

    assert metric(api, "cm_http_request_seconds_count", **labels) == before + 2


def test_methods_and_addresses_that_clients_make_up_become_no_series(api: Api) -> None:
    for number in range(50):
        api.request(f"BREW{number}", f"/nothing/{number}")

    text = api.get("/metrics", key="").text
    assert "BREW" not in text
    assert "/nothing" not in text
    assert 'method="other",route="unknown"' in text


def test_problems_and_redis_and_dropped_records_are_shown(api: Api) -> None:
    api.get("/nothing")

    assert metric(api, "cm_problems_total", code="not_found") >= 1
    assert metric(api, "cm_redis_up") == 0  # there is none here
    assert metric(api, "cm_redis_failures_total") >= 1
    assert "\ncm_requests_dropped_total " in api.get("/metrics", key="").text


def test_a_counter_of_refusals_has_no_phone_and_no_key(api: Api) -> None:
    api.book(phone="+13125550142")
    api.get("/api/v1/callbacks?phone=%2B13125550142")

    text = api.get("/metrics", key="").text
    assert "3125550142" not in text
    assert api.key not in text
