"""Passwords: argon2id, and what makes one too weak."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM = 12
MAXIMUM = 128
_DIFFERENT = 5

# OWASP's smallest recommended setting: about 20 ms and 19 MiB for each of a process's few threads.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one. Takes as long when there is none stored: nobody learns which users exist."""
    try:
        return _hasher.verify(stored or _nobodys(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than ours."""
    return _hasher.check_needs_rehash(stored)


def weaknesses(password: str, name: str) -> list[str]:
    """What is wrong with a new password of the user `name`; nothing when it will do."""
    found = []
    if len(password) < MINIMUM:
        found.append(f"Must have at least {MINIMUM} characters.")
    if len(password) > MAXIMUM:
        found.append(f"Must have at most {MAXIMUM} characters.")
    if len(set(password)) < _DIFFERENT:
        found.append(f"Must have at least {_DIFFERENT} different characters.")
    if name and name.casefold() in password.casefold():
        found.append("Must not contain the user name.")
    return found


@functools.cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())
