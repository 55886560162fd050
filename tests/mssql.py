"""`make test-mssql`: the suite on a SQL Server.

The server is that of CM_TEST_DATABASE_URL (a login that may create databases; each worker makes one of its own and
drops it), or one that a Docker engine on this machine starts. With neither it says so and fails: a run that tested
nothing must not look like one that passed.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pyodbc
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from deploy.sandbox.mssql_driver import DRIVER, folder
from tests.servers.containers import engine_answers

IMAGE = "mcr.microsoft.com/mssql/server:2022-latest"
NOWHERE = """\
************************************************************************************************
* NOTHING WAS TESTED: there is no SQL Server.                                                  *
* Name one:  CM_TEST_DATABASE_URL='mssql+pyodbc://sa:…@host:1433/master?driver=ODBC+Driver+18+ *
*            for+SQL+Server&TrustServerCertificate=yes' make test-mssql                        *
* or run this where a Docker engine answers: it starts one by itself.                          *
************************************************************************************************"""
NO_DRIVER = f"""\
NOTHING WAS TESTED: the {DRIVER} is not installed. Run make setup-mssql (development), or install msodbcsql18."""


def main() -> int:
    """Run pytest with the arguments given; its exit status, or 2 when there was nothing to run on."""
    _use_own_driver()
    if DRIVER not in _drivers():
        print(NO_DRIVER, file=sys.stderr)
        return 2
    if url := os.environ.get("CM_TEST_DATABASE_URL"):
        if not url.startswith("mssql"):
            print("CM_TEST_DATABASE_URL names no SQL Server (mssql+pyodbc://…).", file=sys.stderr)
            return 2
        return _pytest(url)
    if not engine_answers():
        print(NOWHERE, file=sys.stderr)
        return 2
    with server() as started:
        return _pytest(started)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a SQL Server in a container."""
    password = f"Cm1!{secrets.token_urlsafe(18)}"
    container = (
        DockerContainer(IMAGE)
        .with_env("ACCEPT_EULA", "Y")
        .with_env("MSSQL_SA_PASSWORD", password)
        .with_env("MSSQL_PID", "Developer")
        .with_exposed_ports(1433)
        .waiting_for(LogMessageWaitStrategy("SQL Server is now ready for client connections"))
    )
    with container:
        address = f"{container.get_container_host_ip()}:{container.get_exposed_port(1433)}"
        options = f"driver={quote(DRIVER)}&TrustServerCertificate=yes"
        yield f"mssql+pyodbc://sa:{quote(password, safe='')}@{address}/master?{options}"


def _use_own_driver() -> None:
    """Where the system has no driver, the one of `make setup-mssql`."""
    own = folder()
    if "ODBCSYSINI" not in os.environ and (own / "odbcinst.ini").exists() and DRIVER not in pyodbc.drivers():
        os.environ["ODBCSYSINI"] = str(own)


def _drivers() -> list[str]:
    """The drivers that a new process sees: the driver manager reads its configuration once per process."""
    command = [sys.executable, "-c", "import pyodbc; print('\\n'.join(pyodbc.drivers()))"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def _pytest(url: str) -> int:
    env = {**os.environ, "CM_TEST_DATABASE_URL": url}
    return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
