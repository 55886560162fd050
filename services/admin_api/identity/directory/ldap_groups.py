"""Which groups a person is in, members of groups in groups included."""

import functools
import re
from collections.abc import Iterable, Iterator

from ldap3 import BASE, Connection
from ldap3.core.exceptions import LDAPExceptionError
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import parse_dn

from services.admin_api.identity.directory.ldap_client import search
from services.admin_api.identity.directory.ldap_settings import LdapSettings
from services.admin_api.identity.directory.person import IsMember

IN_CHAIN = "1.2.840.113556.1.4.1941"  # LDAP_MATCHING_RULE_IN_CHAIN: the domain controller follows the nesting
MAX_DEPTH = 20
NAMES_AT_ONCE = 20  # in one filter

DnKey = tuple[tuple[str, str], ...]


def membership(connection: Connection, settings: LdapSettings, dn: str, name: str) -> IsMember:
    """Says of a group whether a person is in it, or in a group in it. Both may raise ServerFailed."""
    if settings.nested_groups == "chain":
        return functools.cache(functools.partial(_is_in_chain, connection, dn))
    member_of = set(_walk(connection, settings.group_base or settings.user_base, dn, name))
    return lambda group: dn_key(group) in member_of


def dn_key(dn: str) -> DnKey:
    """Equal for names that a directory takes as equal: case, blanks around parts and the form of escapes aside."""
    try:
        parts = parse_dn(dn, strip=True)
    except LDAPExceptionError:
        return (("", dn.casefold()),)
    return tuple((attribute.casefold(), _unescaped(value).casefold()) for attribute, value, _ in parts)


def _is_in_chain(connection: Connection, dn: str, group: str) -> bool:
    filter_ = f"(memberOf:{IN_CHAIN}:={escape_filter_chars(group)})"
    return bool(search(connection, dn, filter_, ["1.1"], search_scope=BASE, paged_size=None))


def _walk(connection: Connection, base: str, dn: str, name: str) -> Iterator[DnKey]:
    """The groups that list the person, then the groups that list those, and so on; circles end."""
    seen = {dn_key(dn)}
    members = [dn]
    uid = f"(memberUid={escape_filter_chars(name)})"
    for depth in range(MAX_DEPTH):
        found: dict[DnKey, str] = {}
        for start in range(0, len(members), NAMES_AT_ONCE):
            filter_ = _lists_one_of(members[start : start + NAMES_AT_ONCE], uid if depth == 0 else "")
            found |= {dn_key(entry["dn"]): entry["dn"] for entry in search(connection, base, filter_, ["1.1"])}
        new = {key: group for key, group in found.items() if key not in seen}
        if not new:
            return
        yield from new
        seen |= set(new)
        members = list(new.values())


def _lists_one_of(members: Iterable[str], more: str) -> str:
    escaped = [escape_filter_chars(member) for member in members]
    return f"(|{''.join(f'(member={member})(uniqueMember={member})' for member in escaped)}{more})"


def _unescaped(value: str) -> str:
    r"""A value of a distinguished name without `\,` and `\2C`."""
    parts = re.findall(r"\\([0-9a-fA-F]{2})|\\(.)|([^\\]+)", value, re.DOTALL)
    raw = b"".join(bytes.fromhex(pair) if pair else (single or plain).encode() for pair, single, plain in parts)
    return raw.decode(errors="replace")
