"""Ids that directories give, in the width of their column."""

import hashlib


def hashed_id(*parts: str) -> str:
    """An id of any length as 64 characters."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
