"""A pure test file runs alone in few seconds: what it does not use is not loaded."""

import subprocess
import sys

from deploy.sandbox.process import ROOT

PURE = "tests/unit/dialer_sync/test_backoff.py"
LIBRARIES = {"hypothesis", "schemathesis", "sqlalchemy", "flask", "requests", "docker", "kazoo"}


def test_a_pure_file_loads_no_library_that_it_does_not_use() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "pytest", "-q", "-p", "no:cacheprovider", PURE]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)

    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert "passed" in ran.stdout
    assert "pytest" in modules
    assert modules & LIBRARIES == set()


def test_make_runs_one_file_in_one_process_and_builds_no_portal_for_it() -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "unit", f"T={PURE}"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    ).stdout

    (pytest,) = [line for line in shown.splitlines() if "-m pytest" in line]
    assert PURE in pytest
    assert "-n" not in pytest.split()
    assert "npm" not in shown
