"""A process whose settings are wrong does not start, and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

READ = "from shared.config import load, web_settings; print(load(web_settings))"


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    """A process that reads the settings of a web service and prints them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CM_")}
    return subprocess.run(
        [sys.executable, "-c", READ],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_setting_stops_the_process_with_one_sentence_that_names_it() -> None:
    stopped = start(CM_DATABASE_POOL_SIZE="many")
    assert stopped.returncode == 2
    assert stopped.stdout == ""
    assert stopped.stderr.startswith("campaign-manager: wrong setting:")
    assert "CM_DATABASE_POOL_SIZE" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_without_any_setting_the_defaults_work() -> None:
    started = start()
    assert started.returncode == 0, started.stderr
    assert "gadget=None" in started.stdout


@pytest.mark.parametrize("content", ["", "postgresql://cm:hunter2@db/cm\n"], ids=["missing", "wrong"])
def test_a_secret_in_a_file_that_does_not_work_is_named_and_not_shown(content: str, tmp_path: Path) -> None:
    if content:
        (tmp_path / "url").write_text(content)
    stopped = start(CM_DATABASE_URL_FILE=str(tmp_path / "url"))
    assert stopped.returncode == 2
    assert "CM_DATABASE_URL" in stopped.stderr
    assert "hunter2" not in stopped.stderr
