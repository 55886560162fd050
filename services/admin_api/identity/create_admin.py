"""`python -m services.admin_api.identity.create_admin [NAME]`: make the first administrator, or another one.

With --reset an administrator who lost the password gets a new one, whatever stood in the way. The password is asked for
twice; without a terminal it comes from the file that CM_ADMIN_PASSWORD_FILE names, or with --password-stdin from the
standard input. There is no default password.
"""

import argparse
import getpass
import os
import re
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from services.admin_api.identity import login_limits, mfa, passwords
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.identity.roles import Role
from services.admin_api.identity.source import Source
from services.admin_api.identity.users import NAME_PATTERN, UserChanges, add_user
from shared.clock import utcnow
from shared.config import common_settings, load, stop_with
from shared.db.audit import write_audit as audit
from shared.db.models import PortalUser
from shared.db.session import Database, open_database, retried
from shared.errors import Unavailable

CONSOLE = CurrentUser(0, "console", "Console", Role.ADMINISTRATOR)


@retried
def create(database: Database, name: str, password_hash: str, now: datetime) -> bool:
    """Make an administrator; False when there is a user of this name."""
    with database.writing() as tx:
        if tx.execute(select(PortalUser.id).where(PortalUser.name == name.casefold())).one_or_none() is not None:
            return False
        user = UserChanges(name=name, display_name=name, role=str(Role.ADMINISTRATOR), enabled=True)
        key = add_user(tx, user, password_hash, by=CONSOLE, now=now, must_change=False)
        after = {"display_name": user.display_name, "role": user.role, "enabled": user.enabled}
        audit(tx, CONSOLE, "create", "users", key, now=now, label=name.casefold(), after=after)
        tx.commit()
    return True


@retried
def reset(database: Database, name: str, password_hash: str, now: datetime) -> bool:
    """Let a user in again as an administrator with a new password; False when there is none of this name."""
    with database.writing() as tx:
        changed = tx.execute(
            update(PortalUser)
            .where(PortalUser.name == name.casefold(), PortalUser.source == Source.LOCAL)
            .values(
                password_hash=password_hash, must_change=False, password_changed_at=now,
                enabled=True, role=str(Role.ADMINISTRATOR), all_skills=True,
                version=PortalUser.version + 1, session_generation=PortalUser.session_generation + 1, changed_at=now,
                changed_by=CONSOLE.who,
            )
        )  # fmt: skip
        if changed.rowcount != 1:
            return False
        mfa.switch_off(tx, tx.execute(select(PortalUser.id).where(PortalUser.name == name.casefold())).scalar_one())
        login_limits.unlock(tx, name)
        audit(tx, CONSOLE, "reset_password", "users", now=now, label=name.casefold())
        tx.commit()
    return True


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m services.admin_api.identity.create_admin", description=__doc__)
    parser.add_argument("name", nargs="?", default="admin", help="the login name (default: admin)")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from the standard input")
    parser.add_argument("--reset", action="store_true", help="give an administrator that exists a new password")
    arguments = parser.parse_args()
    if not re.fullmatch(NAME_PATTERN, arguments.name):
        stop_with("A name has 2 to 64 letters, digits, dots, underscores, hyphens or @.")
    password = _password(from_stdin=arguments.password_stdin)
    weak = passwords.policy_violations(password, arguments.name)
    if weak:
        stop_with(f"This password is too weak. {' '.join(weak)}")
    with closing(open_database(load(common_settings))) as database:
        try:
            act = reset if arguments.reset else create
            made = act(database, arguments.name, passwords.hash_password(password), utcnow())
        except Unavailable as error:
            stop_with(error.detail)
    if not made and arguments.reset:
        stop_with(f"There is no local user {arguments.name}; those of a directory have no password here.")
    if not made:
        stop_with(f"There is a user {arguments.name} already. For a new password: the portal, or --reset.")
    print(f"The administrator {arguments.name} can log in to the portal now.")


def _password(*, from_stdin: bool) -> str:
    path = os.environ.get("CM_ADMIN_PASSWORD_FILE")
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            stop_with(f"CM_ADMIN_PASSWORD_FILE names {path}, which cannot be read: {error.strerror}")
    if not sys.stdin.isatty():
        stop_with("There is no terminal to ask for a password: use --password-stdin or CM_ADMIN_PASSWORD_FILE.")
    password = getpass.getpass("Password (at least 12 characters): ")
    if getpass.getpass("The same again: ") != password:
        stop_with("These were two different passwords. Nothing was changed.")
    return password


if __name__ == "__main__":
    main()
