"""What the load balancer adds to requests, answers and its log."""

import json

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


def test_the_log_has_neither_query_strings_nor_phone_numbers(site: Site) -> None:
    site.ask("GET", "/api/v1/callbacks?phone=%2B13125550142", headers={"X-Request-ID": "logged-1"})
    site.ask("GET", "/api/v1/callbacks/+13125550142/13125550143?x=1", headers={"X-Request-ID": "logged-2"})

    log = until(lambda: site.balancer.log() if "logged-2" in site.balancer.log() else "")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    paths = {line["request_id"]: line["path"] for line in lines}
    assert (paths["logged-1"], paths["logged-2"]) == ("/api/v1/callbacks", "/api/v1/callbacks/***/***")
    assert "55501" not in log


def test_an_account_number_stays_readable_in_the_log(site: Site) -> None:
    site.ask("GET", "/api/v1/callbacks/01J1234567890123456789012A-01")

    until(lambda: "01J1234567890123456789012A-01" in site.balancer.log())
