"""The services of both nodes, each by itself and as the load balancer sees them; who is master; the nodes' clocks."""

import csv
import email.utils
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from deploy.doctor import certificates
from deploy.doctor.finding import Finding, failed, ok, skipped, warning

TIMEOUT_SECONDS = 3.0
CLOCK_TOLERANCE_SECONDS = 3.0  # seconds; a Date header has whole ones
PORTS = {"booking": 8101, "admin": 8111, "worker": 8121}
_REASONS = {
    "database": "see the database's own lines",
    "schema": "run python -m shared.db.migrate of this version",
    "rights": "add the login to the role cm_app_role (deploy/sql/21_users.sql)",
    "read_only": "connect to the availability group's listener",
    "zookeeper": "see ZooKeeper's own lines",
    "clock": "set that host's clock (chronyc makestep), or the database server's if every node says so",
    "warming": "connections to the database are being opened; ask again in a few seconds",
    "stopping": "it is being stopped; start it again",
    "stalled": "restart it: systemctl restart campaign-manager-worker",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A service's own answer. `status` 0: no answer; `offset` in seconds from our clock."""

    name: str
    url: str
    status: int
    reason: str
    master: bool
    offset: float | None


def check(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One line for each service, one for the master, then the balancer's view."""
    addresses = _addresses(environ)
    if not addresses:
        yield skipped("services", "no addresses known: set CM_BOOKING_1, CM_BOOKING_2, … (deploy/env/haproxy.env)")
    else:
        with ThreadPoolExecutor(6) as pool:
            seen = list(pool.map(lambda item: _look(*item), addresses.items()))
        for one in seen:
            yield _service(one)
        yield _master([one for one in seen if one.name.startswith("worker")])
    yield from _balancer(environ)


def _addresses(environ: Mapping[str, str]) -> dict[str, str]:
    """`booking-1` → its URL, from haproxy.env's CM_BOOKING_1=host:port or a demo's CM_BOOKING_1_URL."""
    found = {}
    for kind in PORTS:
        for node in ("1", "2"):
            name = f"CM_{kind.upper()}_{node}"
            if url := environ.get(f"{name}_URL"):
                found[f"{kind}-{node}"] = url.rstrip("/")
            elif address := environ.get(name):
                found[f"{kind}-{node}"] = f"http://{address}"
    return found


def _look(name: str, url: str) -> Seen:
    try:
        began = time.time()
        answer = requests.get(f"{url}/health/ready", timeout=TIMEOUT_SECONDS)
        middle = (began + time.time()) / 2
        master = (
            name.startswith("worker")
            and requests.get(f"{url}/health/master", timeout=TIMEOUT_SECONDS).status_code == 200
        )
    except requests.RequestException:
        return Seen(name, url, 0, "", False, None)
    try:
        reason = str(answer.json().get("reason", ""))
    except ValueError:
        reason = ""
    return Seen(name, url, answer.status_code, reason, master, _offset(answer, middle))


def _offset(answer: requests.Response, ours: float) -> float | None:
    try:
        # The header has whole seconds, cut off.
        return email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp() + 0.5 - ours
    except (KeyError, ValueError):
        return None


def _service(seen: Seen) -> Finding:
    unit = seen.name.split("-", maxsplit=1)[0]
    if seen.status == 0:
        return failed(
            seen.name,
            f"no answer at {seen.url}",
            f"start it there (systemctl start campaign-manager-{unit}), or open the port between the nodes",
        )
    if seen.status != 200:
        cure = _REASONS.get(seen.reason, "see its log")
        return failed(seen.name, f"runs, but is not ready: {seen.reason or f'HTTP {seen.status}'}", cure)
    if seen.offset is not None and abs(seen.offset) > CLOCK_TOLERANCE_SECONDS:
        return failed(
            seen.name, f"its clock is {seen.offset:+.0f} s from ours", "let all nodes follow the same NTP servers"
        )
    return ok(seen.name, f"ready at {seen.url}, clock in step")


def _master(workers: list[Seen]) -> Finding:
    masters = [worker.name for worker in workers if worker.master]
    if len(masters) == 1:
        return ok("master", masters[0])
    if len(masters) > 1:
        return failed(
            "master", f"{' and '.join(masters)} both say they are", "ask again; if it stays so, stop one and report it"
        )
    if not any(worker.status for worker in workers):
        return failed("master", "no worker answers, so callbacks are not handed over", "start the workers")
    return failed(
        "master", "nobody is, so callbacks are not handed over", "see ZooKeeper's lines and the workers' logs"
    )


def _balancer(environ: Mapping[str, str]) -> Iterator[Finding]:
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
    yield _listener_certificate(environ)


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
