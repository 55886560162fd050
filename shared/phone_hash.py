"""A phone number as a keyed hash: it can be recognised by who has the number and the key, and read by nobody.

There are so few phone numbers that a hash without a secret key is undone by trying all of them. So the key must not
stand in the database; without it, and with another one, no number is recognised.
"""

import hashlib
import hmac
from dataclasses import dataclass

MIN_KEY_LENGTH = 32  # characters: 128 bits even when they are hexadecimal digits


@dataclass(frozen=True, slots=True)
class PhoneHash:
    """HMAC-SHA256 with one key."""

    _key: bytes

    @classmethod
    def of_key(cls, key: str) -> "PhoneHash | None":
        """With the key of the settings; None when there is none."""
        return cls(key.encode()) if key else None

    @property
    def key_id(self) -> str:
        """Tells keys apart, and nothing about them."""
        return self._hex("key id")[:16]

    def of(self, phone: str) -> str:
        """Of a number in E.164: 64 hexadecimal digits."""
        return self._hex(f"phone {phone}")

    def __repr__(self) -> str:
        return f"PhoneHash({self.key_id})"

    def _hex(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
