"""What a request proves itself with: `X-API-Key`, `Authorization: Bearer <key>` or Basic (client's name : key).

The three say the same; CVP's REST element can do Basic for certain, and sends a header of its own on some versions
only. X-API-Key counts before Authorization, which a proxy on the way may have added.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import Headers

REALM = 'realm="Campaign Manager"'


class Scheme(StrEnum):
    """How a credential came."""

    API_KEY = "ApiKey"
    BEARER = "Bearer"
    BASIC = "Basic"


# Of the OpenAPI document: any one of them will do.
SECURITY_SCHEMES: Mapping[str, dict[str, Any]] = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The API key as a bearer token"},
    "basic": {"type": "http", "scheme": "basic", "description": "User: the API client's name; password: its API key"},
}

_CHALLENGES = {
    Scheme.BASIC: f'Basic {REALM}, charset="UTF-8"',
    Scheme.BEARER: f"Bearer {REALM}",
    Scheme.API_KEY: "ApiKey",
}


@dataclass(frozen=True, slots=True)
class Credential:
    """`secret` is a key or a token; `name` the client's, of Basic alone."""

    scheme: Scheme
    secret: str
    name: str | None = None


def credential_of(headers: Headers) -> Credential | None:
    """What the request shows, right or wrong; None for nothing that is one."""
    key = headers.get("X-API-Key")
    if key:
        return Credential(Scheme.API_KEY, key)
    scheme, _, value = headers.get("Authorization", "").strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer" and value:
        return Credential(Scheme.BEARER, value)
    return _basic(value) if scheme.lower() == "basic" else None


def challenges(credential: Credential | None) -> Iterable[str]:
    """The WWW-Authenticate values of a 401. Clients that first ask without a credential are told every way, so that
    those that wait for Basic's challenge go on; others only their own: browsers would open a login window for Basic."""
    return _CHALLENGES.values() if credential is None else (_CHALLENGES[credential.scheme],)


def _basic(value: str) -> Credential | None:
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # as older clients send names
    name, colon, key = text.rpartition(":")  # a key has no colon, a name may have one
    return Credential(Scheme.BASIC, key, name) if colon else None
