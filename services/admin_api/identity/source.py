"""Who knows a user's password and decides the role: the portal itself, or one of the directories."""

from enum import StrEnum


class Source(StrEnum):
    LOCAL = "local"  # the portal: the password's hash stands in `portal_user`
    LDAP = "ldap"  # an LDAP directory, Active Directory above all
    OIDC = "oidc"  # an OpenID Connect provider
