"""What the install guide names exists: files, make targets, modules, settings, its own sections."""

import importlib.util
import re
from pathlib import Path

import pytest

from tests.unit.deploy.test_env_files import documented

ROOT = Path(__file__).parents[3]
GUIDES = [ROOT / "deploy" / "README.md", ROOT / "deploy" / "cuic" / "README.md"]
GUIDE = GUIDES[0].read_text()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_every_file_that_a_guide_names_exists(guide: Path) -> None:
    named = set(re.findall(r"(?<![/\w-])((?:deploy|haproxy|services|tests)/[\w./-]*\w)", guide.read_text()))
    named |= {f"deploy/sql/{name}" for name in re.findall(r"`(\w+\.sql)`", guide.read_text()) if name[0].isdigit()}
    built = {"services/admin_portal/dist"}
    missing = [name for name in sorted(named - built) if not list(ROOT.glob(f"{name}*"))]  # a name may end in a star
    assert missing == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_every_module_that_a_guide_starts_exists(guide: Path) -> None:
    modules = set(re.findall(r"python -m\s+((?:shared|services|deploy|tests)\.[\w.]*\w)", guide.read_text()))
    assert [module for module in sorted(modules) if importlib.util.find_spec(module) is None] == []


def test_every_target_that_the_guide_names_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)", GUIDE)) - targets == set()


def test_every_setting_that_the_guide_names_is_documented() -> None:
    known = {name for file in (ROOT / "deploy" / "env").glob("*.env") for name in documented(file.name)}
    of_tools = {"CM_ADMIN_PASSWORD_FILE"}
    named = set(re.findall(r"\bCM_[A-Z0-9_]+[A-Z0-9]\b", GUIDE)) - {"CM_AG", "CM_UCCE"}
    assert named - known - of_tools == set()


def test_every_link_within_the_guide_leads_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", GUIDE)) - anchors == set()


def test_every_comment_of_the_customers_review_is_answered() -> None:
    answers = GUIDE.split("## Questions of the design review", 1)[1]
    for word in ("exact OS and SQL versions", "CUIC into the diagram", "OS requirements", "specific endpoint", "gadget",
                 "customer id", "hours of operation", "Holidays"):  # fmt: skip
        assert word in answers
