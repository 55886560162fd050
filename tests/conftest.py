"""Fixtures that every test may use, and the marker of each folder."""

from pathlib import Path

import hypothesis
import pytest

pytest_plugins = [
    "tests.support.databases",
    "tests.support.booking_api",
    "tests.support.gunicorn_nodes",
    "tests.support.admin_api",
    "tests.servers.fixtures",
]

# Examples are few and random: every run looks somewhere else, and a failure prints how to see it again.
hypothesis.settings.register_profile("suite", deadline=None, max_examples=30, print_blob=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = Path(item.path).relative_to(Path(__file__).parent).parts[0]
        if folder in ("unit", "integration", "e2e"):
            item.add_marker(folder)
