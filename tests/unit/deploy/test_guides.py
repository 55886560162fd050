"""The install guide names only documented settings and existing scripts, and answers the customer's questions.

tests/unit/test_documents.py checks that its files, sections and commands exist.
"""

import re
from pathlib import Path

from tests.unit.deploy.test_env_files import documented

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "deploy" / "README.md").read_text()


def test_every_script_that_the_guide_names_exists() -> None:
    named = {name for name in re.findall(r"`(\w+\.sql)`", GUIDE) if name[0].isdigit()}
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / "deploy" / "sql" / name).exists()] == []


def test_every_setting_that_the_guide_names_is_documented() -> None:
    known = {name for file in (ROOT / "deploy" / "env").glob("*.env") for name in documented(file.name)}
    of_tools = {"CM_ADMIN_PASSWORD_FILE"}
    named = set(re.findall(r"\bCM_[A-Z0-9_]+[A-Z0-9]\b", GUIDE)) - {"CM_AG", "CM_UCCE"}
    assert named - known - of_tools == set()


def test_every_comment_of_the_customers_review_is_answered() -> None:
    answers = GUIDE.split("## Questions of the design review", 1)[1]
    for word in ("exact OS and SQL versions", "CUIC into the diagram", "OS requirements", "specific endpoint", "gadget",
                 "customer id", "hours of operation", "Holidays"):  # fmt: skip
        assert word in answers
