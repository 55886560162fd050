"""The whole system on this machine: what `make run` starts, and what end-to-end tests start for themselves."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from deploy.sandbox import checks, demo_env, load_balancer, servers, services
from deploy.sandbox.process import POLL_SECONDS, NotReady, PortLost, Process
from deploy.sandbox.settings import FINESSE_AGENT, SandboxSettings, complete_settings

Say = Callable[[str], None]


class Stack:
    """Two of each service behind HAProxy, with the servers they need.

    `var` is its private directory; two stacks with different ones run side by side. `environ` are settings (CM_…,
    UCCE_SIMULATOR_…): a server named there (CM_DATABASE_URL, CM_REDIS_URL, CM_ZOOKEEPER_HOSTS, CM_UCCE_URL) is used and
    not started. `ports` gives a port for every name in deploy.sandbox.ports. `overrides` changes settings of single
    processes: {"worker-1": {"CM_SYNC_INTERVAL": "1"}}.

    Processes by name: redis, zookeeper, ucce, booking-1, booking-2, admin-1, admin-2, worker-1, worker-2, haproxy, and
    finesse while the gadget is on (CM_GADGET_ENABLED) and no CM_FINESSE_URLS are given.
    """

    def __init__(
        self,
        var: Path,
        environ: Mapping[str, str],
        ports: Mapping[str, int],
        *,
        overrides: Mapping[str, Mapping[str, str]] | None = None,
        say: Say = lambda line: None,
    ) -> None:
        self.var = var.resolve()
        self.settings: SandboxSettings = complete_settings(self.var, environ, ports)
        self._overrides = overrides or {}
        self._say = say
        self._began = time.monotonic()
        self.backing = self._backing()
        self.services = self._services()
        self.haproxy = load_balancer.haproxy(
            self.var / "haproxy",
            self._log("haproxy"),
            ports,
            {**self.settings.servers(), **load_balancer.tuning(self._environment("haproxy"))},
        )
        self.processes = {process.name: process for process in (*self.backing, *self.services, self.haproxy)}
        self.env: dict[str, str] = {}

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The public URL, through HAProxy."""
        return self.settings.url

    def start(self) -> None:
        """Start everything in order and wait until a client can book and a master works.

        Raises NotReady; PortLost leaves nothing running.
        """
        try:
            self._start()
        except PortLost:
            self.stop()
            raise

    def _start(self) -> None:
        self._began = time.monotonic()
        (self.var / "data").mkdir(parents=True, exist_ok=True)
        for process in self.processes.values():
            _set_aside(process.log)
        for process in self.backing:
            process.start()
        self._prepare_database()
        self._wait(self.backing)
        for process in (*self.services, self.haproxy):
            process.start()
        self._wait((*self.services, self.haproxy))
        self._wait_for_clients()
        if self.settings.own_ucce:
            servers.tell_ivr_script(self.settings.ports["ucce"], f"{self.url}/api/v1", self._keys()["ivr"])
        self.env = demo_env.write(self.settings, self._keys())

    def stop(self) -> None:
        """Stop everything that runs, in reverse order of the start: clients before the servers that they use."""
        for group in ([self.haproxy], self.services, self.backing):
            for process in group:
                process.ask_to_stop()
            for process in group:
                if not process.wait_stopped():
                    self._say(f"{process.name} did not stop within {process.stop_within:g} s and was killed.")

    def master(self) -> str | None:
        """The name of the worker that says it is the master now (`worker-1`, `worker-2`), or None."""
        for name in ("worker-1", "worker-2"):
            if self[name].alive and checks.http_answers(f"{self.settings.own_url(name)}/health/master"):
                return name
        return None

    def _backing(self) -> list[Process]:
        settings, ports = self.settings, self.settings.ports
        processes = []
        if settings.own_redis:
            processes.append(servers.redis(ports["redis"], self._log("redis")))
        if settings.own_zookeeper:
            processes.append(servers.zookeeper(ports["zookeeper"], self.var / "zookeeper", self._log("zookeeper")))
        if settings.own_ucce:
            env = self._environment("ucce")
            processes.append(servers.simulator(ports["ucce"], self.var / "ucce", self._log("ucce"), env))
        if settings.own_finesse:
            processes.append(
                servers.finesse(
                    (ports["finesse-1"], ports["finesse-2"]),
                    self.var / "finesse",
                    self._log("finesse"),
                    trust=self.var / "haproxy" / "tls.pem",
                    layout=f"{settings.https_url}/gadget/callback.xml",
                    agents=f"{FINESSE_AGENT}:{settings.finesse_agent_password}",
                )
            )
        return processes

    def _services(self) -> list[Process]:
        processes = []
        for node in (1, 2):
            for kind, service in (("booking", "booking_api"), ("admin", "admin_api")):
                name = f"{kind}-{node}"
                port, env = self.settings.ports[name], self._environment(name, CM_NODE=f"node-{node}")
                processes.append(services.web_service(name, service, port, self._log(name), env))
            name = f"worker-{node}"
            env = self._environment(name, CM_NODE=f"node-{node}")
            processes.append(services.worker(name, self.settings.ports[name], self._log(name), env))
        return processes

    def _environment(self, name: str, **more: str) -> dict[str, str]:
        return {**servers.PLAIN_ENV, **self.settings.environment, **more, **self._overrides.get(name, {})}

    def _prepare_database(self) -> None:
        env = self._environment("database")
        for name, module, arguments in (
            ("migrate", "shared.db.migrate", []),
            ("seed", "deploy.sandbox.seed", [str(self._keys_file)]),
        ):
            step = services.step(name, module, arguments, self._log(name), env)
            step.start()
            self._wait([step])

    def _wait(self, processes: Iterable[Process]) -> None:
        for process in processes:
            process.wait_ready()
            self._tell(f"{process.name} ready")

    def _wait_for_clients(self, within: float = 30.0) -> None:
        """Wait until HAProxy sees every service and a master: before that a request may get 503."""
        deadline = time.monotonic() + within
        while missing := self._unseen():
            if time.monotonic() > deadline:
                raise NotReady(f"{missing} within {within:g} s. See the logs in {self.var / 'log'}.")
            time.sleep(POLL_SECONDS)
        self._tell(f"the load balancer sees all of them; {self.master()} is the master")

    def _tell(self, what: str) -> None:
        self._say(f"  {time.monotonic() - self._began:5.1f} s  {what}")

    def _unseen(self) -> str | None:
        up = checks.servers_up(self.settings.stats_url)
        for backend in ("booking", "admin"):
            if up.get(backend, 0) < 2:
                return f"HAProxy did not see both {backend} servers up"
        return None if up.get("master") else "no worker became the master"

    @property
    def _keys_file(self) -> Path:
        return self.var / "run" / "keys.json"

    def _keys(self) -> dict[str, str]:
        keys: dict[str, str] = json.loads(self._keys_file.read_text())
        return keys

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"


def _set_aside(log: Path) -> None:
    """Rename the log of the previous run to `….log.1`, so that a log holds one run."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
