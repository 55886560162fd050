"""The person behind a request, as the audit log and a callback's timeline name them."""

from dataclasses import dataclass

from flask import g

from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import EVERYTHING, Scope
from services.admin_api.identity.source import Source


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """`name` is the login name; `address` and `request_id` tell where the act came from, `scope` what is seen."""

    id: int
    name: str
    display_name: str
    role: Role
    must_change: bool = False
    address: str | None = None
    request_id: str | None = None
    source: Source = Source.LOCAL
    scope: Scope = EVERYTHING
    must_set_up_mfa: bool = False

    @property
    def who(self) -> str:
        """How the person stands in a timeline and as `changed_by`."""
        return f"user:{self.name}"


def current_user() -> CurrentUser:
    """The person behind this request."""
    user: CurrentUser = g.caller
    return user
