"""Samba's domain controller as Active Directory: its LDAP alone, on a loopback address of its own.

Its ports are fixed (389, 636), so it needs root; its package is no part of `make integration`, for it takes longer to
set up than all other servers together. `apt-get install samba-ad-dc samba-ad-provision` has the tests run.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.sandbox import checks
from deploy.sandbox.process import Process
from deploy.self_signed import self_signed

BASE = "DC=corp,DC=example"
USERS = f"CN=Users,{BASE}"
ADMIN, ADMIN_PASSWORD = "Administrator@corp.example", "Passw0rd of the lab"


@dataclass(frozen=True)
class Samba:
    """`url` is of ldaps; `ca_file` trusts its certificate, which names the address."""

    process: Process
    url: str
    folder: Path

    @property
    def ca_file(self) -> str:
        return str(self.folder / "tls.crt")

    def tool(self, *arguments: str) -> None:
        """`samba-tool`, on the domain controller's own database."""
        config = str(self.folder / "dc" / "etc" / "smb.conf")
        subprocess.run(["samba-tool", *arguments, "-s", config], check=True, capture_output=True, text=True)

    def add_user(self, name: str, password: str, *more: str) -> str:
        """Its distinguished name."""
        self.tool("user", "create", name, password, *more)
        return f"CN={name},{USERS}"

    def add_group(self, name: str, members: Sequence[str]) -> str:
        """Its distinguished name; members are names of users and groups."""
        self.tool("group", "add", name)
        self.tool("group", "addmembers", name, ",".join(members))
        return f"CN={name},{USERS}"


def is_installed() -> bool:
    there = shutil.which("samba", path="/usr/sbin:/usr/bin") and shutil.which("samba-tool")
    return bool(there) and os.geteuid() == 0 and Path("/usr/share/samba/setup/provision.ldif").exists()


def make(folder: Path) -> Samba:
    """A domain controller that is not started; making its domain takes 15 s of processor time."""
    address = f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.{random.randint(2, 250)}"
    folder.mkdir(parents=True)
    certificate, key = self_signed("dc1.corp.example", [address])
    (folder / "tls.crt").write_text(certificate)
    (folder / "tls.key").touch(mode=0o600)
    (folder / "tls.key").write_text(key)
    options = {"interfaces": f"{address}/8", "bind interfaces only": "yes", "server services": "ldap",
               "tls certfile": folder / "tls.crt", "tls keyfile": folder / "tls.key", "tls cafile": "",
               "log file": folder / "log.%m"}  # fmt: skip
    subprocess.run(
        ["samba-tool", "domain", "provision", f"--targetdir={folder / 'dc'}", "--realm=CORP.EXAMPLE", "--domain=CORP",
         f"--adminpass={ADMIN_PASSWORD}", "--server-role=dc", "--dns-backend=NONE", "--host-name=dc1",
         f"--host-ip={address}", *(f"--option={name}={value}" for name, value in options.items())],
        check=True, capture_output=True,
    )  # fmt: skip
    config = folder / "dc" / "etc" / "smb.conf"
    process = Process(
        name="samba",
        command=["/usr/sbin/samba", "-i", "-M", "single", "--debug-stdout", "-s", str(config)],
        log=folder / "samba.log",
        ready=lambda: checks.tcp_answers(389, bytes.fromhex("300c020101600702010304008000"), b"\x61", host=address),
    )
    return Samba(process, f"ldaps://{address}", folder)
