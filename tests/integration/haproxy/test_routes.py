"""Which service answers which path."""

import pytest
import requests

from tests.integration.haproxy.conftest import Site
from tests.support.until import until


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/availability", "booking"),
        ("/api/v1/callbacks/01J0000000000000000000000A-01", "booking"),
        ("/api/v1/openapi.json", "booking"),
        ("/health/live", "booking"),
        ("/health/ready", "booking"),
        ("/admin/api/v1/users", "admin"),
        ("/", "admin"),
        ("/assets/main.js", "admin"),
        ("/gadget/gadget.xml", "admin"),
        ("/ops/status", "worker"),
        ("/health/master", "worker"),
        ("/opsimist", "admin"),
        ("/apiary", "admin"),
    ],
)
def test_each_path_goes_to_the_service_that_owns_it(site: Site, path: str, kind: str) -> None:
    assert site.who_answers("GET", path).startswith(kind)


def test_a_slash_in_a_name_reaches_the_service_as_it_was_sent(site: Site) -> None:
    for path in ("/api/v1/skills/A%2FB%20C/availability", "/api/v1/availability?skill=A/B%2FC"):
        assert site.ask("GET", path).status_code == 200
        assert site.received[-1].path == path


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/metrics/", "/metrics?x=1", "//metrics", "/./metrics", "/%6Detrics", "/METRICS", "/metrics/x"],
)
def test_metrics_are_hidden_however_they_are_spelt(site: Site, path: str) -> None:
    request = requests.Request("GET", site.balancer.url).prepare()
    request.url = site.balancer.url + path  # set here because requests would normalise the path

    with requests.Session() as session:
        response = session.send(request, timeout=15)

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
    assert site.received == []


def test_only_the_master_gets_orders(site: Site) -> None:
    assert {site.who_answers("POST", "/ops/dispatch-now") for _ in range(6)} == {"worker-1"}


def test_orders_follow_the_mastership(site: Site) -> None:
    site.services["worker-1"].master = False
    site.services["worker-2"].master = True

    until(lambda: site.ask("GET", "/ops/status").json().get("service") == "worker-2")


def test_without_a_master_orders_and_its_health_are_503(site: Site) -> None:
    site.services["worker-1"].master = False
    site.balancer.wait_up(master=0)

    for path in ("/ops/status", "/health/master"):
        response = site.ask("GET", path)
        assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_outer_load_balancers_may_ask_for_the_master_with_any_read_method(site: Site, method: str) -> None:
    assert site.ask(method, "/health/master").status_code == 200


def test_both_nodes_share_the_work(site: Site) -> None:
    assert {site.who_answers("GET", "/api/v1/availability") for _ in range(6)} == {"booking-1", "booking-2"}


def test_tls_has_the_same_routes(site: Site) -> None:
    pem = site.balancer.process.env["CM_TLS_PEM"]

    response = requests.get(f"{site.balancer.https_url}/api/v1/availability", verify=pem, timeout=15)

    assert response.json()["service"].startswith("booking")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert site.received[0].headers["x-forwarded-proto"] == "https"


def test_the_stats_page_exports_metrics_on_its_own_port(site: Site) -> None:
    assert "haproxy_backend_active_servers" in requests.get(f"{site.balancer.stats_url}/metrics", timeout=15).text
