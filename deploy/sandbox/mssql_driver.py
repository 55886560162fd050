"""`make setup-mssql`: Microsoft's ODBC Driver 18 for development and tests, registered for this project only.

Production installs the package msodbcsql18 (deploy/README.md) and needs nothing of this. Where no driver is installed,
the library that the PyPI wheel `mssql-python-odbc` ships is unpacked into var/odbc beside an odbcinst.ini; a process
uses it with ODBCSYSINI=var/odbc. The wheel's own licence allows developing and testing with it; it is unpacked too.
"""

import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pyodbc

DRIVER = "ODBC Driver 18 for SQL Server"
WHEEL = Path(__file__).with_name("mssql_driver_requirements.txt")


class NoDriver(Exception):
    """The driver cannot be installed here; the text says why and what to do."""


def folder() -> Path:
    """Where the project keeps its own driver."""
    return Path(os.environ.get("CM_VAR_DIR") or "var").resolve() / "odbc"


def main() -> None:
    """Register the driver unless there is one; say where it is."""
    if DRIVER in pyodbc.drivers():
        print(f"{DRIVER} is installed on this machine.")
        return
    if (folder() / "odbcinst.ini").exists():
        print(f"{DRIVER} for development and tests is in {folder()}.")
        return
    try:
        print(f"{DRIVER} for development and tests: {install(folder())}")
    except NoDriver as error:
        sys.exit(f"No ODBC driver: {error}")
    print(f"make test-mssql uses it by itself; other processes with ODBCSYSINI={folder()}")


def install(target: Path) -> Path:
    """Unpack the driver into `target` and register it there; return its library. Raises NoDriver."""
    with tempfile.TemporaryDirectory() as scratch:
        _download(Path(scratch))
        wheel = next(Path(scratch).glob("*.whl"))
        library = _unpack(wheel, target)
    (target / "odbcinst.ini").write_text(
        f"[{DRIVER}]\nDescription=For development and tests only (from the wheel mssql-python-odbc)\nDriver={library}\n"
    )
    (target / "odbc.ini").touch()
    _try(target)
    return library


def _download(scratch: Path) -> None:
    command = [*(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps")]
    options = ["--require-hashes", "--only-binary", ":all:", "--dest", str(scratch), "--requirement", str(WHEEL)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoDriver(f"the wheel mssql-python-odbc cannot be downloaded:\n{done.stderr.strip()}")


def _unpack(wheel: Path, target: Path) -> Path:
    part = f"mssql_python_odbc/libs/linux/{_family()}/{_machine()}/"
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.startswith(part) or "LICENS" in name]
        archive.extractall(target, members)
    libraries = sorted((target / part / "lib").glob("libmsodbcsql-18*"))
    if not libraries:
        raise NoDriver(f"the wheel has no driver for {part}. Install msodbcsql18 from packages.microsoft.com.")
    return libraries[-1]


def _try(target: Path) -> None:
    """Load it in a new process: missing libraries of the system show only then."""
    code = (
        "import pyodbc; pyodbc.pooling = False\n"
        f"try: pyodbc.connect('DRIVER={{{DRIVER}}};SERVER=127.0.0.1,1;UID=x;PWD=x', timeout=1)\n"
        "except pyodbc.Error as error: print(error.args[0], error)"
    )
    env = {**os.environ, "ODBCSYSINI": str(target)}
    check = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    if "Can't open lib" in check.stdout or check.returncode:
        raise NoDriver(
            f"it cannot be loaded: {check.stdout or check.stderr}\nIt needs libkrb5, libgssapi-krb5 and libltdl "
            "(Debian: apt-get install libgssapi-krb5-2 libltdl7)."
        )


def _family() -> str:
    """The wheel's folder for this distribution."""
    facts = platform.freedesktop_os_release()
    names = {facts.get("ID", ""), *facts.get("ID_LIKE", "").split()}
    if names & {"debian", "ubuntu"}:
        return "debian_ubuntu"
    if names & {"rhel", "fedora", "centos"}:
        return "rhel"
    if names & {"suse", "opensuse"}:
        return "suse"
    raise NoDriver("the wheel knows Debian, Ubuntu, Red Hat and SUSE only. Install msodbcsql18 by hand.")


def _machine() -> str:
    return {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


if __name__ == "__main__":
    main()
