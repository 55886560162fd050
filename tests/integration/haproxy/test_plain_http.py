"""Plain HTTP is served to this host itself and, with CM_PUBLIC_HTTP=serve, to all; others are redirected to HTTPS."""

import socket
import subprocess
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from deploy.sandbox.load_balancer import CONFIG
from tests.integration.haproxy.conftest import Site, StartSite
from tests.servers.sources import need_local_haproxy

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")  # a self-signed one


def at(site: Site, host: str, *, tls: bool = False) -> str:
    port = urlsplit(site.balancer.https_url if tls else site.balancer.url).port
    return f"{'https' if tls else 'http'}://{host}:{port}"


def trusting(method: str, url: str, **request: Any) -> requests.Response:
    """A request that follows redirects and takes any certificate: the site's is self-signed, and for loopback."""
    return requests.request(method, url, timeout=15, verify=False, **request)  # noqa: S501


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/today?x=1&y=%2B1"),
        ("POST", "/api/v1/callbacks"),
        ("POST", "/admin/api/v1/auth/login"),
        ("GET", "/ops/status"),
        ("GET", "/health/ready"),
        ("GET", "//elsewhere.example/%0D%0AX:1"),
    ],
)
def test_a_plain_request_from_elsewhere_is_sent_to_https(
    start_site: StartSite, outside: str, method: str, path: str
) -> None:
    site = start_site(CM_BIND="*")

    request = requests.Request(method, at(site, outside), data=b"{}" if method == "POST" else None).prepare()
    request.url = at(site, outside) + path  # as it stands
    with requests.Session() as session:
        response = session.send(request, timeout=15, allow_redirects=False)

    assert response.status_code == 308
    assert response.headers["Location"] == at(site, outside, tls=True) + path
    assert response.headers["Cache-Control"] == "no-store"
    assert site.received == []


def test_the_redirect_leads_to_the_same_answer(start_site: StartSite, outside: str) -> None:
    site = start_site(CM_BIND="*")

    response = trusting("POST", at(site, outside) + "/api/v1/callbacks", data=b'{"a": 1}')

    assert response.json()["service"].startswith("booking")
    assert (site.received[0].method, site.received[0].body) == ("POST", b'{"a": 1}')
    assert site.received[0].headers["x-forwarded-proto"] == "https"


def test_plain_http_from_this_host_itself_is_served(start_site: StartSite) -> None:
    assert start_site(CM_BIND="*").ask("GET", "/").status_code == 200


def test_a_plain_request_without_a_host_is_refused(start_site: StartSite, outside: str) -> None:
    site = start_site(CM_BIND="*")

    with socket.create_connection((outside, site.balancer.address[1]), 15) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert client.recv(65536).split()[1] == b"400"
    assert site.received == []


def test_with_the_setting_serve_plain_http_is_served_to_all_and_no_hsts_is_sent(
    start_site: StartSite, outside: str
) -> None:
    site = start_site(CM_BIND="*", CM_PUBLIC_HTTP="serve")

    assert requests.get(at(site, outside) + "/", timeout=15).status_code == 200
    secure = trusting("GET", at(site, outside, tls=True))
    assert "Strict-Transport-Security" not in secure.headers


def test_plain_http_can_be_switched_off(start_site: StartSite) -> None:
    site = start_site(CM_PUBLIC_HTTP="off")

    with pytest.raises(requests.ConnectionError):
        site.ask("GET", "/")
    assert trusting("GET", site.balancer.https_url).status_code == 200


def test_an_unknown_value_of_the_setting_stops_the_start() -> None:
    need_local_haproxy()
    command = ["/usr/sbin/haproxy", "-c", "-f", str(CONFIG)]

    done = subprocess.run(command, env={"CM_PUBLIC_HTTP": "no"}, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "CM_PUBLIC_HTTP must be redirect, serve or off" in done.stderr
