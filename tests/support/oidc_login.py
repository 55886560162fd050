"""Logging in by OpenID Connect, as a browser does, at a node with settings of a test."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.oidc_settings import OidcSettings
from services.admin_api.identity.directory.person import RoleGroups
from services.admin_api.identity.directory.settings import DirectorySettings
from shared.db.models import AuditLog
from shared.redis_client import RedisClient
from tests.servers.oidc import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, OidcServer, path_of
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS
from tests.support.json_client import JsonResponse

OPERATOR, ADMINISTRATOR = "callback-operators", "callback-administrators"


def settings_of(server: OidcServer, **changes: Any) -> OidcSettings:
    usual = OidcSettings(
        issuer=server.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uri=REDIRECT_URI,
        scopes="openid profile offline_access", response_mode="", group_claim="groups",
        name_claim="preferred_username", ca_file=server.ca_file, timeout=3.0,
        roles=RoleGroups(administrator=(ADMINISTRATOR,), operator=(OPERATOR,)), label="Corp login",
    )  # fmt: skip
    return replace(usual, **changes)


Start = Callable[..., Browser]


@contextmanager
def nodes_with(admin: Admin) -> Iterator[Start]:
    """Gives a browser at a node with settings; nodes with equal ones share the provider's documents and keys."""
    admin.now = datetime.now(UTC)  # the provider has the machine's clock
    with closing(RedisClient(NO_REDIS, 0.1)) as cache:
        apps: dict[OidcSettings, Any] = {}

        def start(settings: OidcSettings) -> Browser:
            if settings not in apps:
                apps[settings] = admin.node(cache, Directories(DirectorySettings(oidc=settings)))
            return admin.browser(apps[settings])

        yield start


def come_back(browser: Browser, server: OidcServer, name: str) -> str:
    """Begin a login and go through the provider's pages; returns the address of the redirect back."""
    begun = browser.get("/auth/oidc/login")
    assert begun.status_code == 303
    return path_of(server.log_in(begun.headers["Location"], name))


def log_in(browser: Browser, server: OidcServer, name: str) -> JsonResponse:
    answer = browser.request("GET", come_back(browser, server, name))
    if answer.headers["Location"].endswith("signedIn=1"):
        browser.csrf = browser.get("/auth/me").json["csrfToken"]
    return answer


def refusal(answer: JsonResponse) -> str:
    """The word in the login page's address."""
    parts = urlsplit(answer.headers["Location"])
    assert (answer.status_code, parts.netloc, parts.path) == (303, "", "/login")
    return parse_qs(parts.query).get("refused", ["none"])[0]


def audited(admin: Admin, action: str) -> list[Any]:
    return [row for row in admin.world.rows(AuditLog) if row.action == action]
