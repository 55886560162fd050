"""The second factor of local accounts: codes of an authenticator (TOTP, RFC 6238), and recovery codes in its place.

A code is taken once: its time step is written with a conditional UPDATE in the transaction that it opens, so that of
two nodes one refuses it; a recovery code is deleted there. Of recovery codes only hashes are kept. The secret itself is
needed to check a code, and stands in the database.
"""

import base64
import hashlib
import hmac
import io
import secrets
from datetime import datetime
from typing import Any

import pyotp
import segno
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from services.admin_api.identity.source import Source
from shared.callbacks.settings import BusinessSettings
from shared.db.columns import explicit_nulls
from shared.db.models import PortalUser, RecoveryCode

ISSUER = "Campaign Manager"
WRONG = "The code is wrong, or was used already."
RECOVERY_CODES = 10
_RECOVERY_CODE_BYTES = 10  # 80 bits: a fast hash suffices
_STEPS = (0, -1, 1)  # clocks of telephones differ, and people type slowly


class WrongCode(Exception):
    """Not a code of this person, or one that was used already. Nothing was written."""


def is_required(source: str, role: str, settings: BusinessSettings) -> bool:
    """Whether an account must have a second factor: a local one of a role that the setting names."""
    return source == Source.LOCAL and role in settings.mfa_roles


def must_set_up(user: Any, settings: BusinessSettings) -> bool:
    """Whether a user's row lacks the second factor that it must have."""
    return user.totp_secret is None and is_required(user.source, user.role, settings)


def new_secret() -> str:
    return pyotp.random_base32()


def key_uri(secret: str, name: str) -> str:
    """What an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def qr_code(uri: str) -> str:
    """The QR code as an SVG, as the address of an image."""
    svg = io.BytesIO()
    segno.make(uri, error="m").save(svg, kind="svg", scale=5, border=4, light="#fff")
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.getvalue()).decode()}"


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step of a code, if it is one of now; None for any other."""
    totp, typed = pyotp.TOTP(secret), "".join(code.split())
    steps = (totp.timecode(now) + offset for offset in _STEPS)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())), None)


def use_code(tx: Connection, user: Any, code: str, now: datetime) -> str:
    """Use up a code of a user's row: `totp` or `recovery_code`. Raises WrongCode."""
    step = step_of(user.totp_secret, code, now)
    if step is not None:
        unused = or_(PortalUser.totp_step.is_(None), PortalUser.totp_step < step)
        taken = update(PortalUser).where(PortalUser.id == user.id, PortalUser.totp_secret == user.totp_secret, unused)
        if tx.execute(taken.values(totp_step=step)).rowcount == 1:
            return "totp"
    else:
        known = (RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(code))
        if tx.execute(delete(RecoveryCode).where(*known)).rowcount == 1:
            return "recovery_code"
    raise WrongCode


def switch_on(tx: Connection, user_id: int, secret: str, step: int) -> list[str] | None:
    """Make the pending secret count, its code of `step` used up; the recovery codes. None when it pends no more."""
    pending = update(PortalUser).where(PortalUser.id == user_id, PortalUser.totp_pending == secret)
    values = explicit_nulls({"totp_secret": secret, "totp_step": step, "totp_pending": None})
    if tx.execute(pending.values(**values)).rowcount != 1:
        return None
    return new_recovery_codes(tx, user_id)


def switch_off(tx: Connection, user_id: int) -> None:
    """Forget the second factor of a user."""
    values = explicit_nulls({"totp_secret": None, "totp_step": None, "totp_pending": None})
    tx.execute(update(PortalUser).where(PortalUser.id == user_id).values(**values))
    forget_recovery_codes(tx, user_id)


def forget_recovery_codes(tx: Connection, user_id: int) -> None:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def new_recovery_codes(tx: Connection, user_id: int) -> list[str]:
    """Ten new codes in place of those there were; they are shown this once."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    forget_recovery_codes(tx, user_id)
    tx.execute(insert(RecoveryCode), [{"user_id": user_id, "code_hash": _hash(code)} for code in codes])
    return codes


def recovery_codes_left(connection: Connection, user_id: int) -> int:
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return connection.execute(counted).scalar_one()


def _new_code() -> str:
    """As `k3vw-9f2m-…`: without the digits and letters that look alike (RFC 4648, base 32)."""
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_CODE_BYTES)).decode().lower()
    return "-".join(text[begin : begin + 4] for begin in range(0, len(text), 4))


def _hash(code: str) -> str:
    typed = "".join(filter(str.isalnum, code)).casefold()
    return hashlib.sha256(typed.encode()).hexdigest()
