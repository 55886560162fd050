"""The servers behind the services, as local processes: Redis, ZooKeeper (one, or an ensemble), the UCCE simulator."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from deploy.sandbox import checks
from deploy.sandbox.packages import SLF4J_JAR, ZOOKEEPER_JAR
from deploy.sandbox.process import Process

PLAIN_ENV = {name: value for name, value in os.environ.items() if not name.startswith("CM_")}


def redis(port: int, log: Path) -> Process:
    """Redis without persistence: it holds only what may be lost."""
    options = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(log.parent)}
    return Process(
        name="redis",
        command=["redis-server", *(word for name, value in options.items() for word in (f"--{name}", value))],
        log=log,
        ready=lambda: checks.tcp_answers(port, b"PING\r\n", b"+PONG"),
        env=PLAIN_ENV,
    )


def zookeeper(port: int, folder: Path, log: Path) -> Process:
    """A single ZooKeeper with its data and zoo.cfg in `folder`."""
    return _zookeeper("zookeeper", port, folder, log, [])


def zookeeper_ensemble(ports: Sequence[tuple[int, int, int]], folder: Path, logs: Path) -> list[Process]:
    """ZooKeepers that elect a leader among themselves. `ports`: client, peer and election port of each."""
    servers = [f"server.{i}=127.0.0.1:{peer}:{election}" for i, (_, peer, election) in enumerate(ports, start=1)]
    names = [f"zookeeper-{number}" for number in range(1, len(ports) + 1)]
    return [
        _zookeeper(name, client, folder / name, logs / f"{name}.log", servers)
        for name, (client, _, _) in zip(names, ports, strict=True)
    ]


def simulator(port: int, folder: Path, log: Path, env: Mapping[str, str]) -> Process:
    """The UCCE simulator; `env` carries CM_UCCE_USER and CM_UCCE_PASSWORD (and UCCE_SIMULATOR_… to change its ways)."""
    return Process(
        name="ucce",
        command=[sys.executable, "-m", "deploy.sandbox.ucce_simulator", "--port", str(port), "--data", str(folder)],
        log=log,
        ready=lambda: checks.http_answers(f"http://127.0.0.1:{port}/_simulator/ready"),
        env={**PLAIN_ENV, **env},
    )


def finesse(ports: tuple[int, int], folder: Path, log: Path, trust: Path, layout: str, agents: str) -> Process:
    """The Finesse fake on two ports, its 3rdpartygadget area in `folder`. `trust`: what its proxy trusts; `layout`: its
    desktop's gadget; `agents`: as FINESSE_FAKE_AGENTS wants them.
    """
    ca_file = folder / "finesse-ca.pem"
    command = [sys.executable, "-m", "deploy.sandbox.finesse", "--data", str(folder), "--trust", str(trust)]
    command += ["--gadgets", str(folder / "3rdpartygadget")]
    return Process(
        name="finesse",
        command=[*command, "--port", str(ports[0]), "--second-port", str(ports[1]), "--gadget", layout],
        log=log,
        ready=lambda: all(
            ca_file.exists() and checks.http_answers(f"https://127.0.0.1:{port}/desktop/container/", 200, str(ca_file))
            for port in ports
        ),
        env={**PLAIN_ENV, "FINESSE_FAKE_AGENTS": agents},
    )


def tell_ivr_script(port: int, booking_api: str, key: str) -> None:
    """Have the simulator's CVP script fetch the callbacks of answered calls there. Raises requests.RequestException."""
    url = f"http://127.0.0.1:{port}/_simulator/script"
    with requests.Session() as session:
        session.trust_env = False
        session.post(url, json={"url": booking_api, "key": key}, timeout=5).raise_for_status()


def _zookeeper(name: str, port: int, folder: Path, log: Path, members: Sequence[str]) -> Process:
    config = folder / "zoo.cfg"
    java = ["java", "-Xms32m", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
    return Process(
        name=name,
        command=[
            *java,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            *("-cp", f"{ZOOKEEPER_JAR}:{SLF4J_JAR}"),
            *("org.apache.zookeeper.server.quorum.QuorumPeerMain", str(config)),
        ],
        log=log,
        # It answers before it serves; only a serving one tells its mode.
        ready=lambda: checks.tcp_answers(port, b"srvr", b"Mode:"),
        env=PLAIN_ENV,
        prepare=lambda: _write_zookeeper_config(config, port, members),
    )


def _write_zookeeper_config(config: Path, port: int, members: Sequence[str]) -> None:
    lines = [
        f"clientPort={port}",
        "clientPortAddress=127.0.0.1",
        f"dataDir={config.parent}",
        # Ticks bound the session timeouts a client may ask for: short ones let tests see an expiry soon.
        "tickTime=500",
        "minSessionTimeout=1000",
        "maxSessionTimeout=60000",
        "initLimit=20",
        "syncLimit=10",
        "admin.enableServer=false",
        "4lw.commands.whitelist=srvr",
        *members,
    ]
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("\n".join(lines) + "\n")
    if members:
        # Which of the members it is: the number at the end of its directory's name.
        (config.parent / "myid").write_text(config.parent.name.rpartition("-")[2] + "\n")
