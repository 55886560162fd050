"""The system packages that the local system needs: installed when missing, or the exact command shown.

Only the standard library here: this runs before the virtual environment exists, with whatever python3 there is.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ZOOKEEPER_JAR = Path("/usr/share/java/zookeeper.jar")
SLF4J_JAR = Path("/usr/share/java/slf4j-simple.jar")

_COMMANDS = {"rsyslog": "rsyslogd"}  # where the command has another name than the package


def missing(more: Sequence[str] = ()) -> list[str]:
    """Names of the Debian packages whose parts are not on this machine; `more` are such names, too."""
    # /usr/sbin, where haproxy lives, is not on every user's path.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    present = {
        f"python3.{sys.version_info.minor}-venv": importlib.util.find_spec("ensurepip") is not None,
        "haproxy": shutil.which("haproxy", path=path) is not None,
        "redis-server": shutil.which("redis-server", path=path) is not None,
        "default-jre-headless": shutil.which("java", path=path) is not None,
        "libzookeeper-java": ZOOKEEPER_JAR.exists() and SLF4J_JAR.exists(),
        "openssl": shutil.which("openssl", path=path) is not None,
        "unixodbc": _has_library("libodbc.so.2"),
        "util-linux": shutil.which("setpriv", path=path) is not None,
        **{name: shutil.which(_COMMANDS.get(name, name), path=path) is not None for name in more},
    }
    return [name for name, there in present.items() if not there]


def install(packages: list[str], more: Sequence[str] = ()) -> None:
    """Install with apt when that is possible without asking anybody; else say the command and stop."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        sys.exit(f"Missing: {', '.join(packages)} (Debian names). Install them and start again.")
    if os.geteuid() != 0:
        if not _passwordless_sudo():
            line = f"sudo apt-get update && sudo {' '.join(command)}"
            sys.exit(f"Missing system packages. Install them with\n\n    {line}\n\nand start again.")
        command = ["sudo", *command]
    sudo = command[:1] if command[0] == "sudo" else []
    print(f"Installing system packages: {' '.join(packages)} …", flush=True)
    _quietly([*sudo, "apt-get", "update"])
    _quietly([*sudo, "env", "DEBIAN_FRONTEND=noninteractive", *command[len(sudo) :]])
    still = missing(more)
    if still:
        sys.exit(f"Installed, but still not found: {', '.join(still)}.")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the machine's python3 may be older than the project allows
        sys.exit(
            f"Campaign Manager needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. "
            "Name another one with: make PYTHON=python3.11 …"
        )
    more = sys.argv[1:]
    if packages := missing(more):
        install(packages, more)


def _quietly(command: list[str]) -> None:
    """Run a package command; show its output only when it fails, and stop then."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\nThis failed: {' '.join(command)}")


def _passwordless_sudo() -> bool:
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def _has_library(name: str) -> bool:
    folders = [Path("/usr/lib"), Path("/usr/local/lib"), *Path("/usr/lib").glob("*-linux-gnu*")]
    return any((folder / name).exists() for folder in folders)


if __name__ == "__main__":
    main()
