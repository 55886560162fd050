"""Configures the log as the services do."""

from collections.abc import Iterator

import pytest
import structlog

from shared import log


@pytest.fixture(autouse=True)
def _structured_log() -> Iterator[None]:
    log.configure("INFO", "json", service="test", node="n1")
    structlog.configure(cache_logger_on_first_use=False)  # other tests capture the lines of the same loggers
    yield
    structlog.reset_defaults()
