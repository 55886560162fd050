"""The simulation: its first seeds and its moments break no check, a seed replays exactly, a defect is noticed.

Each runs in a process of its own, because the simulation swaps `time` and `threading` in the product's modules.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


def simulate(*arguments: str, root: Path = ROOT, module: str = "tests.simulation") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=170, check=False)


def test_the_first_seeds_break_no_check() -> None:
    run = simulate("--seeds", "1..8", "--no-shrink")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "8 seeds, 0 failed" in run.stdout


def test_the_moments_break_no_check() -> None:
    run = simulate("all", "--seeds", "1", module="tests.simulation.moments")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "10 seeds, 0 failed" in run.stdout


def test_a_master_that_another_has_followed_is_noticed_when_the_fence_lets_it_record(product_copy: Path) -> None:
    broken = product_copy / "services/dialer_sync/election/fencing.py"
    text = broken.read_text()
    assert "if held.rowcount != 1:" in text
    broken.write_text(text.replace("if held.rowcount != 1:", "if held.rowcount > 1:"))
    run = simulate("deposed_before_its_record", root=product_copy, module="tests.simulation.moments")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "FOUND unknown_contact" in run.stdout


def test_a_seed_replays_exactly() -> None:
    first, second = simulate("--replay", "8"), simulate("--replay", "8")
    trace = re.compile(r"^trace ([0-9a-f]{16})", re.MULTILINE)
    assert trace.findall(first.stdout) == trace.findall(second.stdout) != []
    assert _without_pace(first.stdout) == _without_pace(second.stdout)


def _without_pace(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("trace")]


@pytest.fixture
def product_copy(tmp_path: Path) -> Path:
    """A copy of the product and the simulation, for tests that change its code."""
    for part in (
        "shared",
        "services/dialer_sync",
        "services/admin_api",
        "tests/simulation",
        "deploy/sandbox/ucce_simulator",
        "tests/support",
    ):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("services", "tests"):
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package / "__init__.py")
    return tmp_path


def test_a_defect_is_noticed_and_its_trace_shortened(product_copy: Path) -> None:
    broken = product_copy / "services/dialer_sync/ucce/call_results.py"
    text = broken.read_text()
    line = "return OUTCOME_BY_CODE.get(call_result, OTHER)"
    assert line in text
    broken.write_text(text.replace(line, "return OUTCOME_BY_CODE.get(10, OTHER)"))
    run = simulate("--seeds", "1..20", root=product_copy)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "FOUND wrong_end" in run.stdout
    shortened = re.search(r"shortened to (\d+) requests and (\d+) faults: wrong_end", run.stdout)
    assert shortened is not None, run.stdout
    assert int(shortened[1]) <= 2  # a booking and hardly anything else; a slow machine ends the search early
    assert int(shortened[2]) == 0
