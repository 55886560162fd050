"""The load balancer: what it sees of the services, whom it refused, its plain HTTP and its certificate."""

import csv
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

import requests

from deploy.doctor import certificates
from deploy.doctor.finding import Finding, failed, ok, skipped, warning

TIMEOUT_SECONDS = 3.0


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """From its statistics, then from its public listeners as the settings name them."""
    stats = environ.get("CM_STATS_URL") or f"http://127.0.0.1:{environ.get('CM_STATS_PORT', '8404')}"
    try:
        answer = requests.get(f"{stats.rstrip('/')}/;csv", timeout=TIMEOUT_SECONDS)
        rows = list(csv.DictReader(answer.text.removeprefix("# ").splitlines()))
    except requests.RequestException:
        yield failed(
            "haproxy",
            f"no statistics at {stats}",
            "start HAProxy; if it runs on another host, run doctor there too or set CM_STATS_URL",
        )
        return
    for backend in ("booking", "admin"):
        yield _backend(backend, [row for row in rows if row.get("pxname") == backend])
    ups = [row["svname"] for row in rows if row.get("pxname") == "master" and _is_up_server(row)]
    yield (
        ok("haproxy master", f"sends /ops to {ups[0]}")
        if len(ups) == 1
        else failed("haproxy master", f"sees {len(ups)} masters", "see the master line above")
    )
    yield _sources(rows)
    yield _plain_http(environ)
    yield _listener_certificate(environ)


def _sources(rows: list[dict[str, str]]) -> Finding:
    check = "haproxy sources"
    public = next((row for row in rows if (row.get("pxname"), row.get("svname")) == ("public", "FRONTEND")), {})
    refused = int(public.get("dcon") or 0)
    if not refused:
        return ok(check, "no connection was refused because its address had too many")
    return warning(
        check,
        f"{refused} connections were refused since HAProxy's start, because their address had too many",
        "if a CVP server, a NAT or a proxy is behind it, add the address to CM_SHARED_SOURCES "
        "(deploy/README.md, Clients are cut off, or get 429)",
    )


def _plain_http(environ: Mapping[str, str]) -> Finding:
    check = "plain http"
    bind = environ.get("CM_BIND", "")
    if not bind or _is_loopback(bind):
        return skipped(check, "CM_BIND is not set or loopback: no other host reaches HAProxy")
    if environ.get("CM_PUBLIC_HTTP") == "serve":
        return warning(
            check,
            "is served to other hosts (CM_PUBLIC_HTTP=serve): passwords, keys and phone numbers in the clear",
            "remove the setting, unless another device ends TLS in front of HAProxy",
        )
    if bind == "*":
        return skipped(check, "CM_BIND is *: no address to ask for a redirect")
    host = f"[{bind}]" if ":" in bind else bind
    url = f"http://{host}:{environ.get('CM_HTTP_PORT', '8080')}/health/live"
    try:
        answer = requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException:
        return ok(check, "is not open")
    if answer.status_code == 308 and answer.headers.get("Location", "").startswith("https://"):
        return ok(check, "only redirects to HTTPS")
    return failed(
        check,
        f"answers {answer.status_code} at {url} instead of a redirect to HTTPS",
        "run HAProxy with the product's haproxy/haproxy.cfg and without CM_PUBLIC_HTTP=serve",
    )


def _is_loopback(bind: str) -> bool:
    try:
        return ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"


def _backend(name: str, rows: list[dict[str, str]]) -> Finding:
    servers = {row["svname"]: row for row in rows if row["svname"] not in ("FRONTEND", "BACKEND")}
    down = [f"{server} ({row['status']} {row.get('last_chk', '')})".replace(" )", ")")
            for server, row in servers.items() if not row["status"].startswith("UP")]  # fmt: skip
    check = f"haproxy {name}"
    if not servers:
        return failed(check, "has no such backend", "run it with the product's haproxy/haproxy.cfg")
    if not down:
        return ok(check, f"sees all {len(servers)} servers up")
    if len(down) == len(servers):
        return failed(check, f"sees no server: {', '.join(down)}", "start the services; check their ports from here")
    return failed(check, f"sees down: {', '.join(down)}", "one node serves alone: start the other's service")


def _is_up_server(row: Mapping[str, str]) -> bool:
    return row["svname"] not in ("FRONTEND", "BACKEND") and row["status"].startswith("UP")


def _listener_certificate(environ: Mapping[str, str]) -> Finding:
    check = "https certificate"
    url = environ.get("CM_HTTPS_URL")
    if not url and environ.get("CM_BIND") and environ["CM_BIND"] != "*":
        url = f"https://{environ['CM_BIND']}:{environ.get('CM_HTTPS_PORT', '8443')}"
    if not url:
        return skipped(check, "CM_HTTPS_URL is not set, so the listener's certificate was not looked at")
    try:
        days = certificates.days_left(url)
    except OSError as error:
        return failed(check, f"no TLS at {url} ({error.strerror or type(error).__name__})", "see HAProxy's log")
    if days is None:
        return skipped(check, "openssl is not installed here")
    if days < certificates.WARN_DAYS:
        return warning(check, f"ends in {days} days", "renew it, replace CM_TLS_PEM, systemctl reload haproxy")
    return ok(check, f"holds for {days} days more")
