"""Refresh tokens of OpenID Connect in the database, of no use to who reads it.

The key is made from the session's token, of which the database has the hash only: only a request of the session itself
can read its refresh token.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


def encrypt(refresh_token: str, session_token: str) -> str:
    """What is stored of a refresh token."""
    return _cipher(session_token).encrypt(refresh_token.encode()).decode()


def decrypt(stored: str, session_token: str) -> str | None:
    """The refresh token; None for what was stored for another session."""
    try:
        return _cipher(session_token).decrypt(stored.encode()).decode()
    except InvalidToken:
        return None


def _cipher(session_token: str) -> Fernet:
    key = hmac.new(session_token.encode(), b"refresh token", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
