"""OpenLDAP's slapd on free loopback ports, with people, nested groups and a password policy.

Its listeners are ldap:// (with StartTLS) and ldaps://; `localhost` is the name in its certificate.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ldap3 import NONE, Connection, Server

from deploy.sandbox import checks, ports
from deploy.sandbox.process import Process
from deploy.self_signed import self_signed

SUFFIX = "dc=corp,dc=example"
PEOPLE = f"ou=people,{SUFFIX}"
GROUPS = f"ou=groups,{SUFFIX}"
SERVICE = f"cn=campaign-manager,{SUFFIX}"
SERVICE_PASSWORD = "the service's own secret"
PASSWORD = "anna's secret of the directory"
ROOT = f"cn=root,{SUFFIX}"
ROOT_PASSWORD = "root"

Attributes = Mapping[str, str | Sequence[str]]
_ANONYMOUS_BIND = bytes.fromhex("300c020101600702010304008000")

_CONFIG = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/slapd.crt
TLSCertificateKeyFile {folder}/slapd.key
TLSProtocolMin 3.3
database mdb
maxsize 16777216
suffix {suffix}
rootdn {root}
rootpw {root_password}
directory {folder}/data
overlay ppolicy
ppolicy_default cn=policy,{suffix}
ppolicy_use_lockout
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by * none
"""


@dataclass(frozen=True)
class Slapd:
    """`ldap` and `ldaps` are URLs; `ca_file` trusts its certificate."""

    process: Process
    ldap: str
    ldaps: str
    folder: Path

    @property
    def ca_file(self) -> str:
        return str(self.folder / "slapd.crt")

    @property
    def port(self) -> int:
        return int(self.ldap.rpartition(":")[2])

    def add(self, dn: str, classes: Sequence[str], attributes: Attributes) -> None:
        """An entry, written as the directory's root."""
        with self._root() as root:
            root.add(dn, list(classes), dict(attributes))

    def set_members(self, group: str, *members: str) -> None:
        """Make these distinguished names the only members of `cn=<group>`, which is made when it is missing."""
        dn = f"cn={group},{GROUPS}"
        with self._root() as root:
            root.delete(dn)
        self.add(dn, ["groupOfNames"], {"member": members})

    def add_person(self, uid: str, **more: str) -> str:
        """Its distinguished name."""
        self.add(person_dn(uid), ["inetOrgPerson"], {**_person(uid), **more})
        return person_dn(uid)

    @contextmanager
    def _root(self) -> Iterator[Any]:
        server = Server("127.0.0.1", self.port, get_info=NONE)
        connection = Connection(server, ROOT, ROOT_PASSWORD, auto_bind=True, check_names=False)
        try:
            yield connection
        finally:
            connection.unbind()


def person_dn(uid: str) -> str:
    return f"uid={uid},{PEOPLE}"


def is_installed() -> bool:
    return shutil.which("slapd", path="/usr/sbin:/usr/bin") is not None


def make(folder: Path) -> Slapd:
    """A server that is not started, with its certificate, configuration and first entries written."""
    (folder / "data").mkdir(parents=True)
    certificate, key = self_signed("slapd")
    (folder / "slapd.crt").write_text(certificate)
    (folder / "slapd.key").write_text(key)
    values: Mapping[str, object] = {"folder": folder, "suffix": SUFFIX, "root": ROOT, "root_password": ROOT_PASSWORD,
                                    "service": SERVICE}  # fmt: skip
    config = folder / "slapd.conf"
    config.write_text(_CONFIG.format(**values))
    first = "\n".join(_first_entries())
    subprocess.run(["/usr/sbin/slapadd", "-f", str(config)], input=first, text=True, check=True, capture_output=True)
    port, tls_port = ports.free_port(), ports.free_port()
    ldap, ldaps = f"ldap://localhost:{port}", f"ldaps://localhost:{tls_port}"
    process = Process(
        name="slapd",
        command=[
            "/usr/sbin/slapd",
            "-f",
            str(config),
            "-h",
            f"{ldap} {ldaps} ldaps://127.0.0.2:{tls_port}",
            "-d",
            "stats",
        ],
        log=folder / "slapd.log",
        ready=lambda: checks.tcp_answers(port, _ANONYMOUS_BIND, b"\x61"),
    )
    return Slapd(process, ldap, ldaps, folder)


def _first_entries() -> Iterator[str]:
    yield _ldif(SUFFIX, ["dcObject", "organization"], {"o": "Corp", "dc": "corp"})
    yield _ldif(PEOPLE, ["organizationalUnit"], {"ou": "people"})
    yield _ldif(GROUPS, ["organizationalUnit"], {"ou": "groups"})
    service = {"cn": "campaign-manager", "userPassword": SERVICE_PASSWORD}
    yield _ldif(SERVICE, ["organizationalRole", "simpleSecurityObject"], service)
    yield _ldif(
        f"cn=policy,{SUFFIX}", ["device", "pwdPolicy"],
        {"cn": "policy", "pwdAttribute": "userPassword", "pwdMaxAge": "31536000", "pwdLockout": "TRUE",
         "pwdMaxFailure": "4", "pwdMustChange": "TRUE"},
    )  # fmt: skip
    yield _ldif(person_dn("anna"), ["inetOrgPerson"], {**_person("anna"), "displayName": "Anna Ames"})
    yield _ldif(person_dn("ben"), ["inetOrgPerson"], _person("ben"))
    yield _ldif(person_dn("eve"), ["inetOrgPerson"], {**_person("eve"), "pwdChangedTime": "20200101000000Z"})
    group = {"cn": "callback-operators", "member": person_dn("anna")}
    yield _ldif(f"cn=callback-operators,{GROUPS}", ["groupOfNames"], group)


def _person(uid: str) -> dict[str, str]:
    return {"uid": uid, "cn": uid.title(), "sn": uid.title(), "userPassword": PASSWORD}


def _ldif(dn: str, classes: Sequence[str], attributes: Mapping[str, str]) -> str:
    lines = [f"dn: {dn}", *(f"objectClass: {one}" for one in classes), *(f"{k}: {v}" for k, v in attributes.items())]
    return "\n".join(lines) + "\n"
