"""Logging in by LDAP, as a browser does, at a node with settings of a test."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.settings import DirectorySettings
from shared.db.models import AuditLog
from shared.redis_client import RedisClient
from tests.servers.slapd import GROUPS, PEOPLE, SERVICE, SERVICE_PASSWORD, Slapd
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS

OPERATORS, ADMINISTRATORS = f"cn=callback-operators,{GROUPS}", f"cn=callback-administrators,{GROUPS}"
BLACK_HOLE = "ldap://localhost:1"


def settings_of(slapd: Slapd, **changes: Any) -> LdapSettings:
    usual = LdapSettings(
        urls=(slapd.ldaps,), start_tls=True, ca_file=slapd.ca_file, timeout=2.0, bind_dn=SERVICE,
        bind_password=SERVICE_PASSWORD, user_base=PEOPLE, user_filter="(&(objectClass=inetOrgPerson)(uid={name}))",
        name_attribute="uid", id_attribute="entryUUID", group_base=GROUPS, nested_groups="walk",
        roles=RoleGroups(administrator=(ADMINISTRATORS,), operator=(OPERATORS,)), label="Corp directory",
    )  # fmt: skip
    return replace(usual, **changes)


Start = Callable[..., Browser]


@contextmanager
def nodes_with(admin: Admin) -> Iterator[Start]:
    """Gives a browser at a node with these settings; nodes with equal settings share the state of the servers."""
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:
        apps: dict[LdapSettings, Any] = {}

        def start(settings: LdapSettings) -> Browser:
            if settings not in apps:
                apps[settings] = admin.node(cache, Directories(DirectorySettings(ldap=settings)))
            return admin.browser(apps[settings])

        yield start


def audited(admin: Admin, action: str) -> list[Any]:
    return [row for row in admin.world.rows(AuditLog) if row.action == action]
