"""The first administrator is made at the console, with a password that a person chose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.admin_api.identity import passwords
from shared.db.models import AuditLog, PortalUser, RecoveryCode
from tests.support.configured_database import World

GOOD = "correct horse battery"


def run(url: str, *arguments: str, typed: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.admin_api.identity.create_admin", *arguments],
        input=typed, capture_output=True, text=True, timeout=60, check=False,
        env={**{name: value for name, value in os.environ.items() if not name.startswith("CM_ADMIN")},
             "CM_DATABASE_URL": url, **env},
    )  # fmt: skip


def test_an_administrator_is_made_from_the_standard_input(world: World, database_url: str) -> None:
    done = run(database_url, "Anna", "--password-stdin", typed=f"{GOOD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = world.rows(PortalUser)
    assert (row.name, row.role, row.must_change) == ("anna", "administrator", False)
    assert passwords.verify(row.password_hash, GOOD)
    assert world.rows(AuditLog)[0].who == "user:console"
    assert GOOD not in done.stdout


def test_an_administrator_is_made_from_a_file(world: World, database_url: str, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{GOOD}\n")
    assert run(database_url, CM_ADMIN_PASSWORD_FILE=str(secret)).returncode == 0
    assert world.rows(PortalUser)[0].name == "admin"


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaa", "anna anna anna"])
def test_a_weak_password_creates_no_administrator(world: World, database_url: str, password: str) -> None:
    done = run(database_url, "anna", "--password-stdin", typed=f"{password}\n")
    assert done.returncode == 1
    assert "too weak" in done.stderr
    assert world.rows(PortalUser) == []


def test_without_a_password_there_is_no_administrator(world: World, database_url: str) -> None:
    done = run(database_url)
    assert done.returncode == 1
    assert "no terminal" in done.stderr
    assert world.rows(PortalUser) == []


def test_a_second_one_of_the_same_name_is_refused_and_changes_nothing(world: World, database_url: str) -> None:
    run(database_url, "--password-stdin", typed=f"{GOOD}\n")
    (before,) = world.rows(PortalUser)
    again = run(database_url, "ADMIN", "--password-stdin", typed="another horse battery\n")
    assert again.returncode == 1
    assert "--reset" in again.stderr
    assert world.rows(PortalUser) == [before]


def test_reset_gives_an_administrator_a_new_password(world: World, database_url: str) -> None:
    run(database_url, "--password-stdin", typed=f"{GOOD}\n")
    world.configure(PortalUser, {"enabled": False, "totp_secret": "A" * 32}, name="admin")
    world.add(RecoveryCode, user_id=world.rows(PortalUser)[0].id, code_hash="0" * 64)
    assert run(database_url, "--reset", "--password-stdin", typed="another horse battery\n").returncode == 0
    (row,) = world.rows(PortalUser)
    assert (row.enabled, row.session_generation, row.totp_secret) == (True, 2, None)
    assert world.rows(RecoveryCode) == []
    assert passwords.verify(row.password_hash, "another horse battery")
    assert run(database_url, "nobody", "--reset", "--password-stdin", typed=f"{GOOD}\n").returncode == 1
