"""What tests of a lost database need."""

import pytest

from tests.support.databases import ON_SERVER


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of the tests may log in for longer than a use case tries again: what becomes of it is asked here."""
    if ON_SERVER:
        monkeypatch.setattr("shared.db.session.BUDGET_SECONDS", 20.0)
