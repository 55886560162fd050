"""Authentication by API key: every blueprint is `secured` or `public`; a test finds one that is neither."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, Flask, g, request

from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.config_snapshot import Client
from shared.errors import Code, DomainError
from shared.scopes import SCOPES
from shared.text import name_key
from shared.web.credentials import Credential, Scheme, challenges, credential_of
from shared.web.dependencies import base_dependencies
from shared.web.event_limits import Kind
from shared.web.security_events import record
from shared.web.security_log import network_of

B = TypeVar("B", bound=Blueprint)

# The caller of a bearer token, for `g.caller` too; None for what is no token of that kind. Raises `unauthorized`, …
SessionCaller = Callable[[str], ApiCaller | None]


def no_session(_token: str) -> None:
    """Where API keys alone count."""


def public(blueprint: B) -> B:
    """Say that a blueprint needs no authentication."""
    blueprint.auth = "none"  # type: ignore[attr-defined]
    return blueprint


def secured(blueprint: B, *scopes: str, session: SessionCaller = no_session) -> B:
    """Let only API keys with one of `scopes` call a blueprint, each within its rate, and whom `session` knows by a
    bearer token of another kind."""

    def check() -> None:
        credential = credential_of(request.headers)
        g.challenges = challenges(credential)
        if credential is None:
            raise DomainError(
                Code.UNAUTHORIZED,
                "Send your API key: in the header X-API-Key, as Authorization: Bearer, or as the password of Basic "
                "with the API client's name as user.",
            )
        if credential.scheme is not Scheme.BEARER or session(credential.secret) is None:
            _check_client(credential, scopes)

    blueprint.before_request(check)
    blueprint.auth = f"key:{','.join(scopes)}"  # type: ignore[attr-defined]
    return blueprint


def key_hash(key: str) -> str:
    """What is stored of an API key. Keys are random enough that a fast hash suffices."""
    return hashlib.sha256(key.encode()).hexdigest()


def blueprints_without_auth(app: Flask) -> list[str]:
    """The blueprints that are neither `secured` nor `public`."""
    return [name for name, blueprint in app.blueprints.items() if not hasattr(blueprint, "auth")]


def _check_client(credential: Credential, scopes: tuple[str, ...]) -> None:
    deps = base_dependencies()
    client = _client_of(deps.config_cache, credential, deps.now())
    deps.key_uses.note(client, deps.now())
    g.caller = ApiCaller(client.id, client.name, next((one for one in SCOPES if one in client.scopes), ""))
    g.always_200 = client.always_200
    if not client.scopes.intersection(scopes):
        raise DomainError(Code.FORBIDDEN, f"This API key lacks the scope {' or '.join(scopes)}.")
    deps.rate_limits.check_client(client)


def _client_of(config_cache: ConfigCache, credential: Credential, now: datetime) -> Client:
    """The client of a key. Raises `unauthorized`, `rate_limited` for an address with too many wrong ones.

    A right key is let in whatever was wrong before: keys cannot be guessed (256 random bits), and CVP servers, a NAT
    or a misconfigured neighbour have one address. The limit bounds what wrong keys cost.
    """
    hashed = key_hash(credential.secret)
    client = _known(config_cache.current().clients.get(hashed), credential, now)
    if client is not None:
        return client
    try:
        base_dependencies().rate_limits.check_wrong_key(network_of(request.remote_addr or "-"))
        client = _known(config_cache.current(max_age=0.1).clients.get(hashed), credential, now)  # made a moment ago?
        if client is None:
            raise DomainError(
                Code.UNAUTHORIZED,
                "This API key is not known, is disabled or has ended, or is not the key of the named API client.",
            )
    except DomainError as refusal:
        if refusal.code in (Code.UNAUTHORIZED, Code.RATE_LIMITED):
            record(Kind.API_KEY_REFUSED, code=str(refusal.code))
        raise
    return client


def _known(client: Client | None, credential: Credential, now: datetime) -> Client | None:
    """The client if the credential is its own and counts now.

    It was looked up by the key's SHA-256, so the time of a comparison tells nothing of a key; Basic's name is compared
    in constant time.
    """
    if client is None or not client.enabled or (client.ends_at is not None and client.ends_at <= now):
        return None
    if credential.name is None:
        return client
    sent, own = name_key(credential.name).encode(), name_key(client.name).encode()
    return client if hmac.compare_digest(sent, own) else None
