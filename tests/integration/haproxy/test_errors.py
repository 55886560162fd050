"""What clients get when no service can answer: problem bodies with our codes."""

import json
import socket
from pathlib import Path

import pytest
import requests

from deploy.sandbox.load_balancer import CONFIG
from shared.errors import Code
from tests.integration.haproxy.conftest import Site, StartSite

ERROR_FILES = sorted((CONFIG.parent / "errors").glob("*.json"))


def is_problem(response: requests.Response, status: int, code: str) -> bool:
    body = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert body["requestId"] == response.headers["X-Request-ID"] != ""
    return (response.status_code, body["status"], body["code"]) == (status, status, code)


@pytest.mark.parametrize("path", ERROR_FILES, ids=lambda path: path.stem)
def test_every_error_body_speaks_the_products_codes(path: Path) -> None:
    body = json.loads(path.read_text())

    assert body["code"] in list(Code)
    assert body["type"] == f"urn:campaign-manager:problem:{body['code']}"
    assert str(body["status"]) == path.stem
    assert body["title"]
    assert body["detail"]


def test_every_error_body_is_used() -> None:
    config = CONFIG.read_text()

    assert [path.name for path in ERROR_FILES if f"errors/{path.name}" not in config] == []


def test_with_every_server_down_clients_get_503_and_when_to_retry(site: Site) -> None:
    for name in ("booking-1", "booking-2"):
        site.services[name].ready = False
    site.balancer.wait_up(booking=0)

    response = site.ask("POST", "/api/v1/callbacks", json={})

    assert is_problem(response, 503, "service_unavailable")
    assert response.headers["Retry-After"] == "5"
    assert response.json()["retryAfter"] == 5


def test_the_other_services_go_on_when_one_kind_is_down(site: Site) -> None:
    for name in ("booking-1", "booking-2"):
        site.services[name].ready = False
    site.balancer.wait_up(booking=0)

    assert site.who_answers("GET", "/").startswith("admin")
    assert site.who_answers("GET", "/ops/status") == "worker-1"


def test_a_silent_service_ends_in_504_after_the_request_limit(start_site: StartSite) -> None:
    site = start_site(CM_REQUEST_TIMEOUT="400ms")
    site.script.behaviours.append("hang")

    response = site.ask("POST", "/api/v1/callbacks", json={})

    assert is_problem(response, 504, "gateway_timeout")
    assert response.elapsed.total_seconds() < 2


def test_a_service_that_dies_with_the_request_ends_in_502(site: Site) -> None:
    site.script.behaviours.append("die")

    assert is_problem(site.ask("POST", "/api/v1/callbacks", json={}), 502, "bad_gateway")


def test_a_body_that_never_arrives_ends_in_408_and_costs_no_service_a_thread(site: Site) -> None:
    head = (
        b"POST /api/v1/callbacks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    )

    with socket.create_connection(site.balancer.address, 15) as client:
        client.sendall(head)
        answer = client.recv(65536)

    assert b" 408 " in answer.splitlines()[0]
    assert json.loads(answer.rpartition(b"\r\n")[2])["code"] == "request_timeout"
    assert site.received == []


def test_a_head_that_never_ends_is_cut_off(site: Site) -> None:
    with socket.create_connection(site.balancer.address, 15) as client:
        client.sendall(b"GET /api/v1/availability HTTP/1.1\r\nHost: x\r\n")
        answer = client.recv(65536)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert site.received == []
