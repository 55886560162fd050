"""An agent's own credentials for Finesse, for the time of one request: never stored, logged or put into a URL."""

import base64
import binascii
import re
from dataclasses import dataclass, field

from shared.errors import InvalidInput

MAX_LENGTH = 8192  # an access token of Cisco's IdS has some 4 KB
_BASE64 = re.compile(r"[A-Za-z0-9+/]{4,}={0,2}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)  # RFC 6750


@dataclass(frozen=True, slots=True)
class Credentials:
    """`header` is the value of Authorization; `user` whose password it holds, None with single sign-on."""

    header: str = field(repr=False)
    user: str | None


def credentials_of(authorization: str | None, auth_token: str | None) -> Credentials:
    """Those of a request: Config.authorization (base64 of id:password), or with single sign-on Config.authToken.

    Raises InvalidInput, which does not repeat them.
    """
    if (authorization is None) == (auth_token is None):
        raise InvalidInput({"authorization": ["Send either authorization or authToken."]})
    if auth_token is not None:
        if not _TOKEN.fullmatch(auth_token):
            raise InvalidInput({"authToken": ["Not an access token."]})
        return Credentials(f"Bearer {auth_token}", None)
    user = _user_of(authorization or "")
    if not user:
        raise InvalidInput({"authorization": ["Not the base64 form of id:password."]})
    return Credentials(f"Basic {authorization}", user)


def _user_of(authorization: str) -> str | None:
    if not _BASE64.fullmatch(authorization):
        return None
    try:
        user, colon, _ = base64.b64decode(authorization, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user if colon else None
