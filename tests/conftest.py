"""Fixtures for every test with servers, and the markers of the folders.

The fixtures and Hypothesis are loaded only when a collected file uses them, so that a pure test file starts fast.
"""

import sys
from pathlib import Path

import pytest

FIXTURES = (
    "tests.support.databases",
    "tests.support.booking_api",
    "tests.support.gunicorn_nodes",
    "tests.support.admin_api",
    "tests.servers.fixtures",
)
pytest.register_assert_rewrite(*FIXTURES)


def pytest_collectstart(collector: pytest.Collector) -> None:
    if not isinstance(collector, pytest.Module):
        return
    if _folder(collector.path) in ("integration", "e2e"):
        for name in FIXTURES:
            collector.config.pluginmanager.import_plugin(name)
    if "hypothesis" in collector.path.read_text(encoding="utf-8"):
        _load_hypothesis_profile()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "hypothesis" not in sys.modules:
        config.pluginmanager.unregister(name="hypothesispytest")  # it would load Hypothesis for its summary
    for item in items:
        if (folder := _folder(item.path)) in ("unit", "integration", "e2e"):
            item.add_marker(folder)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _folder(path: Path) -> str:
    return path.relative_to(Path(__file__).parent).parts[0]


def _load_hypothesis_profile() -> None:
    """Few examples, random in every run; a failure prints how to reproduce it."""
    import hypothesis  # noqa: PLC0415 - most files do without, and it takes longer to load than they take to run

    if hypothesis.settings.get_current_profile_name() != "suite":
        hypothesis.settings.register_profile("suite", deadline=None, max_examples=30, print_blob=True, database=None)
        hypothesis.settings.load_profile("suite")
