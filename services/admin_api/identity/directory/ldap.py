"""Login by LDAP: search the person as our own account, find the role of their groups, and bind with their password."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ldap3 import SIMPLE, Connection
from ldap3.utils.conv import escape_filter_chars

from services.admin_api.identity.directory import ldap_groups
from services.admin_api.identity.directory.external_ids import hashed_id
from services.admin_api.identity.directory.ldap_client import (
    INVALID_CREDENTIALS,
    SUCCESS,
    LdapClient,
    ServerFailed,
    password_bytes,
    search,
)
from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.person import (
    MAX_NAME,
    DirectoryPerson,
    DirectoryScope,
    LoginRefused,
    WrongCredentials,
)
from services.admin_api.identity.roles import Role
from services.admin_api.identity.source import Source
from shared.db.columns import truncate_utf16

_PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"  # noqa: S105 - draft-behera-ldap-password-policy
# What Active Directory adds to "invalid credentials" (Win32 error codes): 775 whatever the password was, the others
# once it was right. OpenLDAP's ppolicy answers by a control.
_AD_REASONS = {"775": "locked", "532": "password_expired", "533": "account_disabled", "701": "account_expired",
               "773": "password_must_change"}  # fmt: skip
_POLICY_REASONS = {0: "password_expired", 1: "locked", 2: "password_must_change"}
_1601 = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A person of the directory; `role` None: their groups give none."""

    dn: str
    external_id: str
    name: str
    display_name: str
    role: Role | None
    scope: DirectoryScope
    expired: bool

    def person(self) -> DirectoryPerson:
        """Raises LoginRefused."""
        if not self.name or len(self.name) > MAX_NAME:
            raise LoginRefused("unusable_name", self.name[:MAX_NAME])
        if self.expired:
            raise LoginRefused("account_expired", self.name)
        if self.role is None:
            raise LoginRefused("no_group", self.name)
        return DirectoryPerson(Source.LDAP, self.external_id, self.name, self.display_name, self.role, self.scope)


class LdapDirectory:
    """Thread-safe."""

    def __init__(self, settings: LdapSettings) -> None:
        self.settings = settings
        self.client = LdapClient(settings)

    def authenticate(self, name: str, password: str, now: datetime) -> DirectoryPerson:
        """The person of these credentials. Raises WrongCredentials, LoginRefused, DirectoryDown."""
        if not password:  # a bind with a name and no password succeeds, as nobody (RFC 4513, 5.1.2)
            raise WrongCredentials("empty_password")

        def work(connection: Connection) -> DirectoryPerson:
            entry = self._find(connection, name, now)
            # An unknown name costs a bind, too: the time does not tell who exists.
            dn = entry.dn if entry else f"cn={uuid.uuid4()},{self.settings.user_base}"
            reason = _bind(connection, dn, password)
            if entry is None:
                raise WrongCredentials("unknown_name")
            if reason in ("wrong_password", "locked"):
                raise WrongCredentials(reason, entry.name)
            if reason:
                raise LoginRefused(reason, entry.name)
            return entry.person()

        return self.client.call(work)

    def look_up(self, name: str, external_id: str, now: datetime) -> DirectoryPerson | None:
        """The person as they are now; None when they may not log in any more. Raises DirectoryDown."""
        entry = self.client.call(lambda connection: self._find(connection, name, now))
        if entry is None or entry.external_id != external_id:
            return None
        try:
            return entry.person()
        except LoginRefused:
            return None

    def probe(self) -> None:
        """Raises DirectoryDown."""
        self.client.call(lambda _connection: None)

    def _find(self, connection: Connection, name: str, now: datetime) -> _Entry | None:
        settings = self.settings
        if not name.isprintable():
            return None
        name = name.rpartition("\\")[2]  # DOMAIN\name, as people type it at Windows
        filter_ = settings.user_filter.replace("{name}", escape_filter_chars(name))
        wanted = [settings.name_attribute, settings.id_attribute, "displayName", "cn", "accountExpires"]
        entries = search(connection, settings.user_base, filter_, wanted)
        if len(entries) > 1:
            raise ServerFailed(f"{len(entries)} people match CM_LDAP_USER_FILTER at once: make it narrower")
        if not entries:
            return None
        entry = entries[0]
        found = _first(entry, settings.name_attribute)
        is_member = ldap_groups.membership(connection, settings, entry["dn"], found)
        return _Entry(
            entry["dn"], _external_id(entry, settings.id_attribute), found.casefold(),
            truncate_utf16(_first(entry, "displayName") or _first(entry, "cn") or found, 128),
            settings.roles.role_of(is_member), settings.scope.scope_of(is_member), _is_expired(entry, now),
        )  # fmt: skip


def _bind(connection: Connection, dn: str, password: str) -> str | None:
    """Why the password does not let `dn` in; None when it does. Raises ServerFailed."""
    connection.user, connection.password, connection.authentication = dn, password_bytes(password), SIMPLE
    connection.bind(read_server_info=False, controls=[(_PASSWORD_POLICY, False, None)])
    result = connection.result
    policy = _POLICY_REASONS.get(_policy_error((result.get("controls") or {}).get(_PASSWORD_POLICY)))
    if result["result"] == SUCCESS:
        return policy
    if result["result"] == INVALID_CREDENTIALS:
        code = re.search(r"\bdata ([0-9a-f]+)", result["message"] or "")
        return policy or (_AD_REASONS.get(code[1]) if code else None) or "wrong_password"
    if result["description"] in (
        "invalidDNSyntax",
        "noSuchObject",
        "inappropriateAuthentication",
        "unwillingToPerform",
    ):
        return "wrong_password"
    raise ServerFailed(f"it refuses a bind: {result['description']}")


def _policy_error(control: Any) -> int:
    """The error of a PasswordPolicyResponseValue (context tag 1 of its sequence); -1 when it has none."""
    value = (control or {}).get("value") or b""
    at = 2
    while at + 1 < len(value):
        tag, length = value[at], value[at + 1]
        if tag == 0x81 and length == 1:
            return int(value[at + 2])
        at += 2 + length
    return -1


def _first(entry: Any, attribute: str) -> str:
    """An attribute's first value as text, "" without one."""
    values = _raw(entry, attribute)
    return values[0].decode(errors="replace").strip() if values else ""


def _raw(entry: Any, attribute: str) -> list[bytes]:
    by_name = {name.casefold(): values for name, values in entry["raw_attributes"].items()}
    return list(by_name.get(attribute.casefold()) or [])


def _external_id(entry: Any, attribute: str) -> str:
    values = _raw(entry, attribute)
    if not values:
        return hashed_id(entry["dn"].casefold())
    value = values[0]
    if attribute.casefold() == "objectguid" and len(value) == 16:
        return str(uuid.UUID(bytes_le=value))
    text = value.decode(errors="replace")
    return text if len(text) <= 40 else hashed_id(text)


def _is_expired(entry: Any, now: datetime) -> bool:
    """By Active Directory's accountExpires: 100 ns since 1601; 0 and the greatest number mean never."""
    ticks = _first(entry, "accountExpires")
    if not ticks.isdigit() or int(ticks) in (0, 2**63 - 1):
        return False
    return (now - _1601) // timedelta(microseconds=1) * 10 >= int(ticks)
