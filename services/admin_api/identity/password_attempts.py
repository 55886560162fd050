"""An attempt with a password, at a login or to choose a new one: counted, refused beyond the limits, forgiven."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from flask import Response, request
from sqlalchemy import select

from services.admin_api.identity import devices, login_limits
from services.admin_api.identity.login_limits import Attempt, Block, Origin
from shared.db.models import PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError
from shared.web.dependencies import dependencies
from shared.web.event_limits import Kind
from shared.web.security_events import record

WRONG = "The name or the password is wrong, or the account is locked."


@dataclass(frozen=True, slots=True)
class PasswordAttempt:
    """An attempt that may be looked at, but for one of a name that is locked here: that fails like a wrong one."""

    name: str
    counted: Attempt

    @property
    def locked(self) -> bool:
        return self.counted.block is not None


@contextmanager
def password_attempt(name: str) -> Iterator[PasswordAttempt]:
    """What is done inside checks a password of `name`, and raises `invalid_credentials` when it is wrong.

    Raises `rate_limited` where nothing may be looked at; Unavailable.
    """
    deps = dependencies()
    device = devices.known(deps.database, devices.request_device(), name, deps.now())
    check_rate(device)
    origin = Origin(name, request.remote_addr or "-", device)
    attempt = PasswordAttempt(name, login_limits.count_attempt(
        deps.database, deps.config_cache.current().settings, origin, deps.now()))  # fmt: skip
    if attempt.counted.block is not None:
        _refuse(attempt.counted.block, _known_name(deps.database, name), deps.now())
    try:
        yield attempt
    except DomainError as error:
        if error.code is not Code.INVALID_CREDENTIALS:
            _take_back(deps.database, attempt, deps.now())
        elif not attempt.locked:
            login_limits.pause(deps.database, attempt.counted, deps.now())
            if attempt.counted.locks:
                _tell_locks(attempt.counted.locks, _known_name(deps.database, name))
        raise


@retried
def let_in(database: Database, attempt: PasswordAttempt, user_id: int, new: str, now: datetime) -> bool:
    """The password was right: forgive what was counted, and know the device from now on; whether `new` is its token."""
    with database.writing() as tx:
        login_limits.forgive(tx, attempt.counted, now)
        known = devices.remember(tx, user_id, devices.request_device(), new, now)
        tx.commit()
    return known != devices.request_device()


@retried
def forgive(database: Database, attempt: PasswordAttempt, now: datetime) -> None:
    """The password was right, of a person who is logged in."""
    with database.writing() as tx:
        login_limits.forgive(tx, attempt.counted, now)
        tx.commit()


@retried
def _take_back(database: Database, attempt: PasswordAttempt, now: datetime) -> None:
    """The password was right and is not enough, or could not be judged: no failure, nor does it forgive any."""
    with database.writing() as tx:
        login_limits.forgive(tx, attempt.counted, now, this_one_only=True)
        tx.commit()


def with_device(response: Response, attempt: PasswordAttempt, user_id: int) -> Response:
    """The answer to a right password, with the device's cookie if it is new."""
    deps, new = dependencies(), devices.new_token()
    if let_in(deps.database, attempt, user_id, new, deps.now()):
        devices.set_cookie(response, new)
    return response


def check_rate(device: str | None = None) -> None:
    """Count a login by its device, else by its address: hashing passwords takes our time and asking a directory takes
    its, so that right ones are bounded as well. Raises `rate_limited`."""
    try:
        dependencies().rate_limits.check_login(f"device {device}" if device else request.remote_addr or "-")
    except DomainError:
        record(Kind.LOGIN_REFUSED, resource="sessions", limit="rate")
        raise


def _refuse(block: Block, known: str | None, now: datetime) -> None:
    """Raise for a pause and for an address; a locked name gets the answer of a wrong password."""
    record(Kind.LOGIN_REFUSED, who=known and f"user:{known}", resource="sessions", limit=block.kind)
    seconds = max(1, ceil((block.until - now).total_seconds()))
    if block.kind == "address":
        detail = f"Too many wrong passwords from your network. Wait {ceil(seconds / 60)} minutes."
    elif not block.locked:
        detail = f"Too many wrong passwords. Wait {seconds} seconds."
    else:
        return
    raise DomainError(Code.RATE_LIMITED, detail, retryAfter=seconds)


def _tell_locks(locks: tuple[Block, ...], known: str | None) -> None:
    for lock in locks:
        who = None if known is None or lock.kind == "address" else f"user:{known}"
        record(Kind.LOGIN_LOCKED, who=who, resource="sessions", limit=lock.kind, until=lock.until.isoformat())


@retried
def _known_name(database: Database, name: str) -> str | None:
    """The name if there is such a user: what was typed may be a password."""
    with database.reading() as connection:
        found = select(PortalUser.name).where(PortalUser.name == name.casefold())
        return connection.execute(found).scalar_one_or_none()
