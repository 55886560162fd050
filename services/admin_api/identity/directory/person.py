"""A person as a directory knows them, and why one is not let in."""

from collections.abc import Callable
from dataclasses import dataclass

from services.admin_api.identity.roles import Role
from services.admin_api.identity.source import Source
from services.admin_api.identity.user_skills import UNCHANGED, Unchanged
from shared.errors import Code, DomainError, Unavailable

MAX_NAME = 64  # as `portal_user.name`

IsMember = Callable[[str], bool]  # whether a person is in this group, as the settings name it


@dataclass(frozen=True, slots=True)
class DirectoryScope:
    """What a directory lets a person see. `skills` are names, None all skills. UNCHANGED and, of the rights, None: the
    portal's administrators decide it.
    """

    skills: frozenset[str] | Unchanged | None = UNCHANGED
    sees_phones: bool | None = None
    may_export: bool | None = None


@dataclass(frozen=True, slots=True)
class DirectoryPerson:
    """`external_id` stays the same when the person is renamed; `name` is in lower case, as in `portal_user`."""

    source: Source
    external_id: str
    name: str
    display_name: str
    role: Role
    scope: DirectoryScope = DirectoryScope()


@dataclass(frozen=True, slots=True)
class RoleGroups:
    """The groups whose members get a role. Who is in groups of several roles gets the greatest."""

    administrator: tuple[str, ...] = ()
    supervisor: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    viewer: tuple[str, ...] = ()

    def greatest_first(self) -> tuple[tuple[Role, tuple[str, ...]], ...]:
        return tuple((role, getattr(self, role)) for role in reversed(Role))

    def all(self) -> list[str]:
        return [group for _, groups in self.greatest_first() for group in groups]

    def role_of(self, is_member: IsMember) -> Role | None:
        """The greatest role that a person's groups give; None when none of them gives one."""
        return next((role for role, groups in self.greatest_first() if any(map(is_member, groups))), None)


class DirectoryDown(Unavailable):
    """The directory does not answer, or not in a way that says who the person is. `reason` is for the log."""

    def __init__(self, label: str, reason: str) -> None:
        super().__init__(f"{label} does not answer. Local accounts can still log in; try again in a moment.")
        self.reason = reason


class WrongCredentials(DomainError):
    """Name or password are wrong, or the directory has locked the account: the answer does not tell which.

    `name` is the portal's name of the account that exists, for the audit log; `reason` is for the log alone.
    """

    def __init__(self, reason: str, name: str | None = None) -> None:
        super().__init__(Code.INVALID_CREDENTIALS, "The name or the password is wrong, or the account is locked.")
        self.reason, self.name = reason, name


class LoginRefused(DomainError):
    """Whoever asks has shown that they are the person `name`, but may not log in. `reason` is one of REFUSALS."""

    def __init__(self, reason: str, name: str | None = None) -> None:
        super().__init__(Code.LOGIN_REFUSED, REFUSALS[reason])
        self.reason, self.name = reason, name


# The login page reads the sentence for the word that a login by OpenID Connect comes back with.
REFUSALS = {
    "no_group": "You are in none of the groups that may use this portal. Ask your administrator to be added to one.",
    "password_expired": "Your password has expired. Change it at your computer or in your company's portal first.",
    "password_must_change": "You must choose a new password in your company's directory before you can log in here.",
    "account_disabled": "Your account is disabled in your company's directory.",
    "account_expired": "Your account has expired in your company's directory.",
    "blocked_here": "An administrator of this portal has blocked your account.",
    "name_taken": "Another account of this portal has your login name: an administrator must rename or delete it.",
    "too_many_groups": "You are in more groups than your company's login tells of. Your administrator must have it "
    "tell those of this portal alone.",
    "code_refused": "Your company's login did not confirm this attempt: it was used before or is old. Log in again.",
    "bad_token": "What your company's login sent cannot be trusted. Tell your administrator: the log says why.",
    "clock_differs": "The clocks of your company's login and of this portal differ. Tell your administrator.",
    "attempt_expired": "This attempt to log in is over, or was begun in another browser. Log in again.",
    "denied": "Your company's login did not let you in.",
    "provider_down": "Your company's login does not answer. Local accounts can still log in; try again in a moment.",
    "too_many_logins": "Too many logins from your network. Wait a minute.",
    "unavailable": "The portal cannot log anybody in at the moment. Try again in a few seconds.",
    "unusable_name": "Your login name is empty or longer than 64 characters: this portal cannot use it.",
}
