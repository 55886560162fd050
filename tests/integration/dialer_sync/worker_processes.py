"""Workers in processes of their own, and what their HTTP side says."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from deploy.sandbox.ucce_simulator.handle import ROOT, UcceSimulator
from tests.servers.sources import Server
from tests.support.until import TIMEOUT_FACTOR, until

BREAKABLE = "tests.integration.dialer_sync.breakable_worker"
SESSION = 3.0  # seconds
# Tests read a worker's status more often than its rate limit allows; they wait as long as Retry-After says.
ONLY_WHEN_TOO_MANY = Retry(
    total=None, connect=False, read=False, other=False, status=20, status_forcelist=[429], allowed_methods=None,
)  # fmt: skip


class WorkerProcess:
    """One worker; its port is a free one, found in its log."""

    def __init__(self, node: str, environment: dict[str, str], log: Path, ops_key: str) -> None:
        self.node = node
        self._log = log
        self._ops_key = ops_key
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.mount("http://", HTTPAdapter(max_retries=ONLY_WHEN_TOO_MANY))
        # setpriv: the worker gets SIGTERM when the test process ends, however that ends.
        command = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", BREAKABLE]
        with log.open("ab") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            self.url = f"http://127.0.0.1:{until(self._port, timeout=20, what='the worker')}"
        except BaseException:
            self.close()
            raise

    def lines(self) -> list[dict[str, Any]]:
        """The log so far."""
        text = self._log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def ask(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        return self.http.request(
            method, self.url + path, headers={"X-API-Key": self._ops_key}, timeout=5 * TIMEOUT_FACTOR, **options
        )

    def is_master(self) -> bool:
        return self.ask("/health/master").status_code == 200

    def status(self) -> dict[str, Any]:
        return dict(self.ask("/ops/status").json())

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def is_stopped(self) -> bool:
        """By SIGSTOP."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        return stat.rpartition(")")[2].split()[0] == "T"

    def stop(self) -> int:
        """SIGTERM, and its exit status."""
        self.signal(signal.SIGTERM)
        return self.process.wait(15)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self.http.close()

    def _port(self) -> int | None:
        assert self.process.poll() is None, self._log.read_text(encoding="utf-8")
        return next((line["port"] for line in self.lines() if line.get("event") == "started"), None)


class WorkerProcesses:
    """Starts workers on one database, one ZooKeeper root and one UCCE."""

    def __init__(
        self, folder: Path, database_url: str, zookeeper: Server, ucce_simulator: UcceSimulator, ops_key: str
    ) -> None:
        self._folder = folder
        self._ops_key = ops_key
        self.root = f"/workers-{folder.name}"
        self._started: list[WorkerProcess] = []
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CM_")},
            "CM_DATABASE_URL": database_url,
            "CM_ZOOKEEPER_HOSTS": zookeeper.address,
            "CM_ZOOKEEPER_ROOT": self.root,
            "CM_ZOOKEEPER_SESSION_TIMEOUT": str(SESSION),
            "CM_REDIS_URL": "redis://127.0.0.1:1/0",
            "CM_UCCE_URL": ucce_simulator.url,
            "CM_UCCE_USER": ucce_simulator.user,
            "CM_UCCE_PASSWORD": ucce_simulator.password,
            "CM_UCCE_CA_FILE": str(ucce_simulator.ca_file),
            "CM_UCCE_TIMEOUT": "1.5",
            "CM_UCCE_SETTLE_GRACE": "2",
            "CM_UCCE_QUEUE_TIME": "0.2",
            "CM_UCCE_LIST_LAG": "0",
            "CM_SYNC_INTERVAL": "0.3",
            "CM_WORKER_PORT": "0",
        }

    def start(self, node: str, crash_at: str = "", **settings: str) -> WorkerProcess:
        environment = self._environment | settings | {"CM_NODE": node, "CM_TEST_CRASH_AT": crash_at}
        log = self._folder / f"{node}-{len(self._started)}.log"
        self._started.append(WorkerProcess(node, environment, log, self._ops_key))
        return self._started[-1]

    def close(self) -> None:
        for worker in self._started:
            worker.close()
