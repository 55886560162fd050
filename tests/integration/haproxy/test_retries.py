"""Which requests the load balancer sends again to the other server, and which it never repeats."""

import time

import pytest

from tests.integration.haproxy.conftest import Site, StartSite

KEY = {"Idempotency-Key": "k-1"}


def test_a_post_that_was_sent_is_never_repeated(site: Site) -> None:
    site.script.behaviours.append("die")

    response = site.ask("POST", "/api/v1/callbacks", json={})

    assert response.status_code == 502
    assert len(site.received) == 1


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_no_other_write_without_a_key_is_repeated(site: Site, method: str) -> None:
    site.script.behaviours.append("die")

    assert site.ask(method, "/api/v1/callbacks/01J0000000000000000000000A").status_code == 502
    assert len(site.received) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_write_with_an_idempotency_key_goes_to_the_other_server_when_the_first_dies(site: Site, method: str) -> None:
    site.script.behaviours.append("die")

    response = site.ask(method, "/api/v1/callbacks", json={"a": 1}, headers=KEY)

    first, second = site.received
    assert response.status_code == 200
    assert {first.service, second.service} == {"booking-1", "booking-2"}
    assert first.body == second.body == b'{"a": 1}'
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "k-1"
    assert first.headers["x-request-id"] == second.headers["x-request-id"]


def test_a_write_with_an_empty_key_is_never_repeated(site: Site) -> None:
    site.script.behaviours.append("die")

    assert site.ask("POST", "/api/v1/callbacks", json={}, headers={"Idempotency-Key": ""}).status_code == 502
    assert len(site.received) == 1


@pytest.mark.parametrize("path", ["/api/v1/availability", "/admin/api/v1/live"])
def test_a_read_goes_to_the_other_server_when_the_first_dies(site: Site, path: str) -> None:
    site.script.behaviours.append("die")

    assert site.ask("GET", path).status_code == 200
    assert len({request.service for request in site.received}) == 2


@pytest.mark.parametrize(("method", "headers"), [("GET", {}), ("POST", KEY)])
def test_what_is_repeatable_does_not_wait_for_a_server_that_hangs(
    start_site: StartSite, method: str, headers: dict[str, str]
) -> None:
    site = start_site(CM_REPEAT_AFTER="300ms", CM_REQUEST_TIMEOUT="600ms")
    site.script.behaviours.append("hang")

    assert site.ask(method, "/api/v1/callbacks", headers=headers).status_code == 200
    assert len({request.service for request in site.received}) == 2


def test_a_post_without_a_key_is_not_repeated_when_a_server_hangs(start_site: StartSite) -> None:
    site = start_site(CM_REPEAT_AFTER="200ms", CM_REQUEST_TIMEOUT="600ms")
    site.script.behaviours.append("hang")

    assert site.ask("POST", "/api/v1/callbacks", json={}).status_code == 504
    assert len(site.received) == 1


@pytest.mark.parametrize("path", ["reports/results", "do-not-call/export", "jobs/7/result"])
def test_a_slow_report_or_file_is_not_made_twice(start_site: StartSite, path: str) -> None:
    site = start_site(CM_REPEAT_AFTER="200ms", CM_REQUEST_TIMEOUT="200ms", CM_LONG_REQUEST_TIMEOUT="600ms")
    site.script.behaviours.append("hang")

    began = time.monotonic()
    assert site.ask("GET", f"/admin/api/v1/{path}").status_code == 504
    assert time.monotonic() - began > 0.5  # these have a limit of their own
    assert len(site.received) == 1


def test_a_request_is_sent_to_at_most_two_servers(site: Site) -> None:
    site.script.behaviours.extend(["die"] * 5)

    assert site.ask("GET", "/api/v1/availability").status_code == 502
    assert len(site.received) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_refuses_connections_costs_no_request(site: Site, method: str) -> None:
    site.services["booking-1"].stop()

    # At once, while HAProxy still believes that it is up: nothing was sent, so a POST may go to the other one too.
    answers = [site.ask(method, "/api/v1/callbacks") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 6
    assert {request.service for request in site.received} == {"booking-2"}


def test_orders_to_the_master_are_never_repeated(site: Site) -> None:
    site.script.behaviours.append("die")

    assert site.ask("POST", "/ops/dispatch-now", headers=KEY).status_code == 502
    assert len(site.received) == 1


def test_a_503_of_a_service_is_passed_on_as_it_is(site: Site) -> None:
    """Its database is down: so it is for the other node, and asking that one too would double the wait."""
    site.script.behaviours.append("refuse")

    response = site.ask("GET", "/api/v1/availability")

    assert (response.status_code, response.json()) == (503, {"service": site.received[0].service})
    assert len(site.received) == 1
