"""What the load balancer adds to requests, answers and its log."""

import json
import socket
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.integration.haproxy.conftest import Site
from tests.support.until import until


def test_a_sane_request_id_of_the_client_is_kept_everywhere(site: Site) -> None:
    response = site.ask("GET", "/api/v1/availability", headers={"X-Request-ID": "call-77.a_b"})

    assert response.headers["X-Request-ID"] == "call-77.a_b"
    assert site.received[0].headers["x-request-id"] == "call-77.a_b"


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 129, 'quote"d', "<script>"])
def test_a_missing_or_odd_request_id_is_replaced(site: Site, given: str | None) -> None:
    response = site.ask("GET", "/api/v1/availability", headers={} if given is None else {"X-Request-ID": given})

    assert response.headers["X-Request-ID"] not in (given, "")
    assert site.received[0].headers["x-request-id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("second", ["3125550142", 'quote"d', "call-78"])
def test_of_several_request_ids_the_first_counts_and_no_other_is_logged(site: Site, second: str) -> None:
    first = str(uuid4())
    with socket.create_connection(site.balancer.address, 15) as client:
        head = f"GET / HTTP/1.1\r\nHost: x\r\nX-Request-ID: {first}\r\nX-Request-ID: {second}\r\n\r\n"
        client.sendall(head.encode())
        answer = client.recv(65536).decode()

    assert f"X-Request-ID: {first}" in answer.replace("x-request-id", "X-Request-ID")
    assert site.received[0].headers["x-request-id"] == first
    until(lambda: first in site.balancer.log())
    assert second not in site.balancer.log()


def test_every_request_gets_another_id(site: Site) -> None:
    answers = [site.ask("GET", "/api/v1/availability") for _ in range(5)]

    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 5


def test_clients_cannot_pretend_to_come_from_elsewhere(site: Site) -> None:
    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X_Forwarded_For": "7.7.7.7",
        "Forwarded": "for=8.8.8.8",
    }

    site.ask("GET", "/api/v1/availability", headers=forged)

    headers = site.received[0].headers
    assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert not {"x-forwarded-host", "x_forwarded_for", "forwarded"} & headers.keys()


def test_answers_carry_the_common_security_headers_and_no_server_name(site: Site) -> None:
    headers = site.ask("GET", "/").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers
    assert "Strict-Transport-Security" not in headers  # plain HTTP


def test_the_log_has_no_query_strings(site: Site) -> None:
    assert logged_path(site, "/api/v1/callbacks?phone=%2B13125550142") == "/api/v1/callbacks"
    assert "55501" not in site.balancer.log()


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/callbacks/+13125550142/13125550143?x=1", "/callbacks/***/***"),
        ("/callbacks/312-555-0142", "/callbacks/***"),
        ("/callbacks/(312)%20555-0142/cancel", "/callbacks/***/cancel"),
        ("/callbacks/%28312%29%20555%200142", "/callbacks/***"),
        ("/callbacks/312.555.0142", "/callbacks/***"),
        ("/callbacks/tel:+1-312-555-0142", "/callbacks/***"),
        ("/callbacks/tel:+1-312-555-0142;ext=7", "/callbacks/***"),
        ("/callbacks/sip:13125550142@cc.example", "/callbacks/***"),
        ("/callbacks/phone3125550142", "/callbacks/***"),
        ("/callbacks/%33%31%32%35%35%35%30%31%34%32", "/callbacks/***"),
        ("/callbacks/%2533%2531%2532555", "/callbacks/***"),
        ("/callbacks/" + quote("３１２５５５０１４２"), "/callbacks/***"),
        ("/callbacks/" + quote("٣١٢٥٥٥٠١٤٢"), "/callbacks/***"),
        ("/callbacks/312%2F555%2F0142", "/callbacks/***"),
        ("/callbacks/312/555/0142/cancel", "/callbacks/***/cancel"),
        ("//312-555-0142/", "//***/"),
    ],
)
def test_a_phone_number_in_a_path_is_masked_however_it_is_written(site: Site, path: str, masked: str) -> None:
    assert logged_path(site, path) == masked


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/callbacks/01J1234567890123456789012A-01",
        "/api/v1/callbacks/01j1234567890123456789012a/cancel",
        "/api/v1/skills/Two%20words%20and%20five%20more%20here/availability",
        "/api/v1/skills/" + quote("Ключ и замок") + "/availability",
        "/admin/api/v1/users/12345",
        "/admin/api/v1/reports/results",
        "/chunk-15GDH7_H.js",
    ],
)
def test_other_paths_stay_readable_in_the_log(site: Site, path: str) -> None:
    assert logged_path(site, path) == path


@pytest.mark.parametrize(
    "given",
    ["3125550142", "+13125550142", "tel:+1-312-555-0142", "312.555.0142", "call-312-555-0142", "call3125550142",
     "2026/5550142@ivr"],
)  # fmt: skip
def test_a_request_id_that_may_be_a_phone_number_is_replaced_everywhere(site: Site, given: str) -> None:
    response = site.ask("GET", "/api/v1/availability", headers={"X-Request-ID": given})

    new = response.headers["X-Request-ID"]
    assert new != given
    assert site.received[0].headers["x-request-id"] == new
    until(lambda: new in site.balancer.log())
    assert given not in site.balancer.log()


@pytest.mark.parametrize(
    "given",
    ["550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000", "01J1234567890123456789012A",
     "a1b2c3d4e5f60718", "call-123456", "20261128T051500.123456Z"],
)  # fmt: skip
def test_a_request_id_that_is_none_is_kept(site: Site, given: str) -> None:
    assert site.ask("GET", "/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


def test_of_a_path_that_is_too_long_the_log_has_nothing(site: Site) -> None:
    assert logged_path(site, "/api/v1/callbacks/" + "x" * 8200, status=400) == "/***"


def logged_path(site: Site, path: str, status: int = 200) -> str:
    """The path in the log of a request that is sent with exactly this path."""
    request_id = str(uuid4())
    with socket.create_connection(site.balancer.address, 15) as client:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {request_id}\r\nConnection: close\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 %d" % status)
    log = until(lambda: request_id in site.balancer.log() and site.balancer.log())
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return next(str(line["path"]) for line in lines if line["request_id"] == request_id)
