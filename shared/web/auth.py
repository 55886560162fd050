"""Authentication by API key: every blueprint is `secured` or `public`; a test finds one that is neither."""

import hashlib
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, Flask, current_app, g, request

from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import Client
from shared.errors import Code, DomainError
from shared.scopes import SCOPES
from shared.web.dependencies import base_dependencies

B = TypeVar("B", bound=Blueprint)


def public(blueprint: B) -> B:
    """Say that a blueprint needs no authentication."""
    blueprint.auth = "none"  # type: ignore[attr-defined]
    return blueprint


def secured(blueprint: B, *scopes: str) -> B:
    """Let only API keys with one of `scopes` call a blueprint, each within its rate."""

    def check() -> None:
        deps = base_dependencies()
        client = _client(deps.config_cache, deps.now())
        deps.key_uses.note(client, deps.now())
        g.caller = ApiCaller(client.id, client.name, next((one for one in SCOPES if one in client.scopes), ""))
        if not client.scopes.intersection(scopes):
            raise DomainError(Code.FORBIDDEN, f"This API key lacks the scope {' or '.join(scopes)}.")
        if "ivr" not in client.scopes and "gadget" in client.scopes and not current_app.config["GADGET_ENABLED"]:
            raise DomainError(Code.GADGET_DISABLED, "The Finesse gadget is switched off.")
        deps.rate_limits.check_client(client)

    blueprint.before_request(check)
    blueprint.auth = f"key:{','.join(scopes)}"  # type: ignore[attr-defined]
    return blueprint


def key_hash(key: str) -> str:
    """What is stored of an API key. Keys are random enough that a fast hash suffices."""
    return hashlib.sha256(key.encode()).hexdigest()


def blueprints_without_auth(app: Flask) -> list[str]:
    """The blueprints that are neither `secured` nor `public`."""
    return [name for name, blueprint in app.blueprints.items() if not hasattr(blueprint, "auth")]


def _client(config_cache: ConfigCache, now: datetime) -> Client:
    key = request.headers.get("X-API-Key")
    if not key:
        raise DomainError(Code.UNAUTHORIZED, "Send your API key in the X-API-Key header.")
    hashed = key_hash(key)
    client = config_cache.current().clients.get(hashed)
    if client is None:  # perhaps made a moment ago
        client = config_cache.current(max_age=0.1).clients.get(hashed)
    if client is None or not client.enabled or (client.ends_at is not None and client.ends_at <= now):
        raise DomainError(Code.UNAUTHORIZED, "This API key is not known, is disabled or has ended.")
    return client
