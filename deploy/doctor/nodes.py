"""The services of both nodes, each by itself and as the load balancer sees them; who is master; the nodes' clocks."""

import email.utils
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from deploy.doctor import load_balancer
from deploy.doctor.finding import Finding, failed, ok, skipped

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
    """A service's answer. `status` 0: no answer. `offset`: seconds by which its clock differs from ours."""

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
    yield from load_balancer.check(environ)


def _addresses(environ: Mapping[str, str]) -> dict[str, str]:
    """`booking-1` → its URL, from haproxy.env's CM_BOOKING_1=host:port or a demo's CM_BOOKING_1_URL."""
    url_by_service = {}
    for kind in PORTS:
        for node in ("1", "2"):
            name = f"CM_{kind.upper()}_{node}"
            if url := environ.get(f"{name}_URL"):
                url_by_service[f"{kind}-{node}"] = url.rstrip("/")
            elif address := environ.get(name):
                url_by_service[f"{kind}-{node}"] = f"http://{address}"
    return url_by_service


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
