"""A ZooKeeper server of one node as a local process, from the jars of the Debian package."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.until import until

JARS = Path("/usr/share/java")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"srvr")
        return b"Mode" in connection.recv(4096)


class ZooKeeper:
    """One server; `stop()` and `start()` keep its data. Ticks of 200 ms allow sessions from 0.4 to 8 s."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.hosts = f"127.0.0.1:{self.port}"
        self._folder = folder
        self._config = folder / "zoo.cfg"
        self._config.write_text(
            f"dataDir={folder}/data\nclientPort={self.port}\nclientPortAddress=127.0.0.1\ntickTime=200\n"
            "maxSessionTimeout=8000\nadmin.enableServer=false\n4lw.commands.whitelist=srvr,ruok,cons\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "zookeeper.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["java", "-Xmx128m", "-Dzookeeper.jmx.log4j.disable=true", "-cp", f"{JARS}/zookeeper.jar",
                 "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(self._config)],
                stdout=log, stderr=log,
            )  # fmt: skip
        until(lambda: answers(self.port), timeout=30, what="ZooKeeper")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@contextmanager
def running(folder: Path) -> Iterator[ZooKeeper]:
    server = ZooKeeper(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
