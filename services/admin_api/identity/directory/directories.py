"""The directories of an admin API, and whether each of them answers."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.admin_api.identity.directory.ldap import LdapDirectory
from services.admin_api.identity.directory.oidc import OidcProvider
from services.admin_api.identity.directory.person import DirectoryDown
from services.admin_api.identity.directory.settings import DirectorySettings
from services.admin_api.identity.source import Source

STATUS_SECONDS = 10.0  # for which an answer to "does it answer?" holds


@dataclass(frozen=True, slots=True)
class LoginMethod:
    """A way to log in, as the login page shows it."""

    source: Source
    label: str
    available: bool


@dataclass
class _Status:
    """Whether one directory answers; one caller at a time asks it, and the others get its last answer."""

    probe: Callable[[], None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: bool = True
    asked_at: float = float("-inf")

    def read(self) -> bool:
        if time.monotonic() - self.asked_at > STATUS_SECONDS and self.lock.acquire(blocking=False):
            try:
                self.probe()
                self.answers = True
            except DirectoryDown:
                self.answers = False
            finally:
                self.asked_at = time.monotonic()
                self.lock.release()
        return self.answers


class Directories:
    """What the requests of an admin API ask directories by. Thread-safe."""

    def __init__(self, settings: DirectorySettings) -> None:
        self.grace = settings.grace
        self.ldap = LdapDirectory(settings.ldap) if settings.ldap else None
        self.oidc = OidcProvider(settings.oidc) if settings.oidc else None
        self._methods: list[tuple[Source, str, _Status]] = []
        if self.ldap:
            self._methods.append((Source.LDAP, self.ldap.settings.label, _Status(self.ldap.probe)))
        if self.oidc:
            self._methods.append((Source.OIDC, self.oidc.settings.label, _Status(self.oidc.probe)))

    def decided_fields(self, source: Source) -> tuple[str, ...]:
        """What is decided by `source`, and by nobody here, of its users' accounts: the API's names of the fields."""
        if source == Source.LOCAL:
            return ()
        directory = self.ldap if source == Source.LDAP else self.oidc
        return ("name", "displayName", "role", *(directory.settings.scope.decided() if directory else ()))

    def login_methods(self) -> list[LoginMethod]:
        """Those that are set up, the local one first: it is always there."""
        local = LoginMethod(Source.LOCAL, "Local account", available=True)
        return [local, *(LoginMethod(source, label, status.read()) for source, label, status in self._methods)]
