"""rsyslog on free loopback ports: one for TCP and UDP, its messages in a file."""

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.sandbox import ports
from deploy.sandbox.process import Process

_CONFIG = """\
global(workDirectory="{folder}")
module(load="imtcp")
module(load="imudp")
input(type="imtcp" address="127.0.0.1" port="{port}")
input(type="imudp" address="127.0.0.1" port="{port}")
template(name="line" type="string" string="%syslogfacility-text% %hostname% %app-name% %msgid% %msg%\\n")
action(type="omfile" file="{folder}/messages" template="line")
"""


@dataclass(frozen=True)
class Rsyslog:
    process: Process
    port: int
    file: Path

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """What it took so far: facility, host, program and kind in one text, and the JSON behind them."""
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [(head.strip(), json.loads("{" + body)) for head, _, body in (line.partition("{") for line in lines)]


def is_installed() -> bool:
    return shutil.which("rsyslogd", path="/usr/sbin:/usr/bin") is not None


def make(folder: Path) -> Rsyslog:
    """A server that is not started."""
    folder.mkdir(parents=True)
    port = ports.free_port()
    config = folder / "rsyslog.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    command = ["/usr/sbin/rsyslogd", "-n", "-f", str(config), "-i", str(folder / "rsyslogd.pid")]
    process = Process("rsyslogd", command, folder / "rsyslogd.log", lambda: _accepts(port))
    return Rsyslog(process, port, folder / "messages")


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
