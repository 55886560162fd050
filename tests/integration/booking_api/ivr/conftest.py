"""The flat calls on a test's database."""

import pytest

from tests.integration.booking_api.ivr.voice import Voice
from tests.support.booking_api import Api


@pytest.fixture
def voice(api: Api) -> Voice:
    return Voice(api)
