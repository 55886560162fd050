"""What the requests of an app work with: made when the app is built, asked for by type.

`dependencies()` is the only way to them, so that a misspelt part is an error of the type check and not of a request.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from flask import Flask, current_app

from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import Client
from shared.clock import Clock
from shared.db.session import Database
from shared.redis_client import RedisClient
from shared.web.key_uses import KeyUses
from shared.web.security_log import SecurityLog

_KEY = "campaign_manager"  # in Flask's `extensions`


class ClientLimits(Protocol):
    """Rate limits of API keys. The worker's are counted in its memory, the web services' in Redis."""

    def check_client(self, client: Client) -> None: ...
    def check_wrong_key(self, address: str) -> None: ...


class RequestLimits(ClientLimits, Protocol):
    """Rate limits of API keys, of agents and of logins."""

    def check_login(self, source: str) -> None: ...
    def check_agent(self, agent_id: str, rate: int) -> None: ...


class Readiness(Protocol):
    """Why this node can't serve, in one word, or None. `stop` makes it `stopping` from then on."""

    def __call__(self) -> str | None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseDependencies:
    """What every HTTP side has, the worker's too. All parts are thread-safe."""

    database: Database
    config_cache: ConfigCache
    now: Clock
    rate_limits: ClientLimits
    key_uses: KeyUses
    readiness: Readiness
    security_log: SecurityLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies(BaseDependencies):
    """What the two web services have."""

    cache: RedisClient
    rate_limits: RequestLimits


def register_dependencies(app: Flask, parts: BaseDependencies) -> None:
    """Give the requests of `app` what they work with."""
    app.extensions[_KEY] = parts


def base_dependencies() -> BaseDependencies:
    """Those of the app that serves this request, whichever it is."""
    return cast(BaseDependencies, current_app.extensions[_KEY])


def security_log_of(app: Flask) -> SecurityLog:
    """The security events of an app, whichever it is: close it before the process ends."""
    return cast(BaseDependencies, app.extensions[_KEY]).security_log


def dependencies() -> Dependencies:
    """Those of the web service that serves this request."""
    return dependencies_of(current_app)


def dependencies_of(app: Flask) -> Dependencies:
    """Those of a web service, outside of its requests too."""
    return cast(Dependencies, app.extensions[_KEY])
