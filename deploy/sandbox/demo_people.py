"""The demo's people: an administrator with a generated password, and one of each other role with the same one."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.admin_api.identity import passwords
from services.admin_api.identity.roles import Role
from shared.db import models

ADMIN = "admin"
# login name, name, role
_OTHERS = (
    ("sam", "Sam Rivera", Role.SUPERVISOR),
    ("olga", "Olga Petrova", Role.OPERATOR),
    ("vera", "Vera Lindqvist", Role.VIEWER),
)
# audit log: who did what, how many hours ago
_ACTS: tuple[tuple[str, str, str, str, dict[str, Any] | None, dict[str, Any] | None, int], ...] = (
    ("admin", "create", "daily-schedules", "Round the clock", None, {"name": "Round the clock"}, 330),
    ("admin", "create", "weekly-schedules", "Every day, round the clock", None, {"monday": "Round the clock"}, 329),
    ("admin", "create", "users", "sam", None, {"name": "sam", "role": "supervisor"}, 300),
    ("admin", "create", "users", "olga", None, {"name": "olga", "role": "operator"}, 299),
    ("admin", "create", "users", "vera", None, {"name": "vera", "role": "viewer"}, 298),
    ("sam", "login", "sessions", "127.0.0.1 Firefox", None, None, 190),
    ("sam", "update", "settings", "Minimum notice", {"value": 15}, {"value": 0}, 189),
    ("sam", "update", "campaigns", "Sales_Callback", {"max_attempts": 1}, {"max_attempts": 2}, 120),
    ("olga", "login", "sessions", "127.0.0.1 Chrome", None, None, 75),
    ("olga", "import", "do-not-call", "12 added, 0 updated", None, None, 74),
    ("sam", "brake", "brakes", "", {"hand_over": True}, {"hand_over": False}, 52),
    ("sam", "brake", "brakes", "", {"hand_over": False}, {"hand_over": True}, 51),
    ("vera", "login_failed", "sessions", "127.0.0.1 Safari", None, None, 30),
    ("vera", "login", "sessions", "127.0.0.1 Safari", None, None, 30),
    ("olga", "export", "reports", "211 rows", None, None, 8),
    ("sam", "update", "daily-schedules", "Office hours", {"name": "Working hours"}, {"name": "Office hours"}, 5),
)


def let_admin_in(tx: Connection, password: str, now: datetime) -> None:
    """Create the administrator `admin`, or set this password if the existing one has another."""
    known = select(models.PortalUser.password_hash).where(models.PortalUser.name == ADMIN)
    stored = tx.execute(known).scalar_one_or_none()
    if stored is None:
        _add(tx, ADMIN, "Demo Administrator", Role.ADMINISTRATOR, passwords.hash_password(password), now)
    elif not passwords.verify(stored, password):
        values = {"password_hash": passwords.hash_password(password)}
        tx.execute(update(models.PortalUser).where(models.PortalUser.name == ADMIN).values(**values))


def add_others(tx: Connection, password: str, now: datetime) -> None:
    """Users of the other roles, and what all of them did in the last two weeks."""
    password_hash = passwords.hash_password(password)
    for name, display_name, role in _OTHERS:
        _add(tx, name, display_name, role, password_hash, now)
    rows = [
        {"at": now - timedelta(hours=hours), "who": f"user:{who}", "action": action, "resource": resource,
         "resource_id": None, "label": label or None, "before": before, "after": after, "address": "127.0.0.1",
         "request_id": None}
        for who, action, resource, label, before, after, hours in _ACTS
    ]  # fmt: skip
    tx.execute(insert(models.AuditLog), rows)


def _add(tx: Connection, name: str, display_name: str, role: Role, password_hash: str, now: datetime) -> None:
    tx.execute(
        insert(models.PortalUser).values(
            name=name, display_name=display_name, role=str(role), password_hash=password_hash, enabled=True,
            must_change=False, password_changed_at=now, session_generation=1, version=1,
            changed_at=now, changed_by="seed",
        )
    )  # fmt: skip
