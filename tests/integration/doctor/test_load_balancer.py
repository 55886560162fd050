"""Doctor on a real load balancer: refused connections, and its plain HTTP."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from deploy.doctor import load_balancer
from deploy.doctor.finding import Finding, Verdict
from tests.integration.haproxy.conftest import Site, outside_address, running_site
from tests.support.until import until


def findings(site: Site, environ: Mapping[str, str]) -> dict[str, Finding]:
    ports = {
        "CM_HTTP_PORT": str(urlsplit(site.balancer.url).port),
        "CM_HTTPS_PORT": str(urlsplit(site.balancer.https_url).port),
    }
    found = load_balancer.check({"CM_STATS_URL": site.balancer.stats_url, **ports, **environ})
    return {finding.check: finding for finding in found}


def test_refused_connections_are_counted_with_what_to_do(tmp_path: Path) -> None:
    with running_site(tmp_path, CM_SOURCE_CONNECTIONS="0") as site:
        assert findings(site, {})["haproxy sources"].verdict is Verdict.OK

        for _ in range(3):
            with suppress(OSError), socket.create_connection(site.balancer.address, 15, ("127.0.0.66", 0)) as refused:
                assert refused.recv(1) == b""

        told = until(lambda: (it := findings(site, {})["haproxy sources"]).verdict is Verdict.WARNING and it)
        assert told.text.startswith("3 connections")
        assert "CM_SHARED_SOURCES" in told.cure


def test_plain_http_that_only_redirects_is_ok(tmp_path: Path) -> None:
    with running_site(tmp_path, CM_BIND="*") as site:
        assert findings(site, {"CM_BIND": outside_address()})["plain http"].verdict is Verdict.OK
        assert findings(site, {"CM_BIND": "127.0.0.1"})["plain http"].verdict is Verdict.SKIPPED


def test_plain_http_that_is_not_open_is_ok(tmp_path: Path) -> None:
    with running_site(tmp_path, CM_BIND="*", CM_PUBLIC_HTTP="off") as site:
        assert findings(site, {"CM_BIND": outside_address()})["plain http"].verdict is Verdict.OK


def test_plain_http_that_is_served_to_others_is_told_by_the_setting_and_by_its_answer(tmp_path: Path) -> None:
    with running_site(tmp_path, CM_BIND="*", CM_PUBLIC_HTTP="serve") as site:
        set_so = {"CM_BIND": "*", "CM_PUBLIC_HTTP": "serve"}
        assert findings(site, set_so)["plain http"].verdict is Verdict.WARNING

        told = findings(site, {"CM_BIND": outside_address()})["plain http"]  # another haproxy.env than HAProxy's own
        assert told.verdict is Verdict.FAILED
        assert "200" in told.text
