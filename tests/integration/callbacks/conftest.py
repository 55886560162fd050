"""Fixtures for tests of a lost database."""

import pytest

from tests.support.databases import ON_SERVER


@pytest.fixture
def long_retry_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry budget of 20 s on a database server, whose login may take longer than the default budget."""
    if ON_SERVER:
        monkeypatch.setattr("shared.db.session.BUDGET_SECONDS", 20.0)
