"""Configures the log as the services do."""

import pytest

from shared import log


@pytest.fixture(autouse=True)
def _structured_log() -> None:
    log.configure("INFO", "json", service="test", node="n1")
