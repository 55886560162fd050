"""Known devices: browsers in which a person has logged in before, each known by a cookie of its own.

A stranger's wrong passwords can't lock them (login_limits.py); nothing else depends on them. The cookie is random and
new wherever it was not this person's already, so that nobody can plant one; the database has its hash alone.
"""

import secrets
from datetime import datetime, timedelta

from flask import Response, request
from sqlalchemy import Connection, delete, insert, select, update

from services.admin_api.identity.sessions import token_hash
from shared.db.models import PortalDevice, PortalUser
from shared.db.session import Database, retried

COOKIE = "cm_device"  # over plain HTTP
TLS_COOKIE = "__Host-cm_device"
KNOWN_FOR = timedelta(days=180)  # since the last login there
RENEW_EVERY = timedelta(days=1)
MAX_DEVICES = 20  # of a person; the one that was used least lately goes


def request_device() -> str | None:
    """The hash of the device cookie that this request came with."""
    token = request.cookies.get(TLS_COOKIE if request.is_secure else COOKIE)
    return token_hash(token) if token else None


@retried
def known(database: Database, device: str | None, name: str, now: datetime) -> str | None:
    """`device` if the user of this name has logged in there."""
    if device is None:
        return None
    statement = (
        select(PortalDevice.device_hash)
        .join(PortalUser, PortalUser.id == PortalDevice.user_id)
        .where(
            PortalDevice.device_hash == device,
            PortalUser.name == name.casefold(),
            PortalDevice.seen_at > now - KNOWN_FOR,
        )
    )
    with database.reading() as connection:
        return connection.execute(statement).scalar_one_or_none()


def new_token() -> str:
    """A device's token: 256 random bits."""
    return secrets.token_urlsafe(32)


def remember(tx: Connection, user_id: int, device: str | None, new: str, now: datetime) -> str:
    """After a login: note the device `device` if it is the user's already, else one of the token `new`. Its hash."""
    mine = PortalDevice.user_id == user_id
    tx.execute(delete(PortalDevice).where(mine, PortalDevice.seen_at <= now - KNOWN_FOR))
    seen_at = tx.execute(
        select(PortalDevice.seen_at).where(mine, PortalDevice.device_hash == device)
    ).scalar_one_or_none()
    if device is not None and seen_at is not None:
        if now - seen_at >= RENEW_EVERY:
            tx.execute(update(PortalDevice).where(mine, PortalDevice.device_hash == device).values(seen_at=now))
        return device
    others = tx.execute(select(PortalDevice.device_hash).where(mine).order_by(PortalDevice.seen_at.desc())).scalars()
    too_many = list(others)[MAX_DEVICES - 1 :]
    if too_many:
        tx.execute(delete(PortalDevice).where(mine, PortalDevice.device_hash.in_(too_many)))
    tx.execute(insert(PortalDevice).values(device_hash=token_hash(new), user_id=user_id, seen_at=now))
    return token_hash(new)


def forget(tx: Connection, user_id: int) -> None:
    """Forget all devices of a user."""
    tx.execute(delete(PortalDevice).where(PortalDevice.user_id == user_id))


def set_cookie(response: Response, token: str) -> None:
    """Let the browser keep its device's token."""
    name = TLS_COOKIE if request.is_secure else COOKIE
    response.set_cookie(name, token, max_age=KNOWN_FOR, path="/", secure=request.is_secure, httponly=True,
                        samesite="Strict")  # fmt: skip
