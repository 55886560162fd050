"""The product's booking API with a wall clock that is wrong: gunicorn 'tests.support.skewed_booking_api:create()'.

CM_TEST_CLOCK names a file with the seconds by which it is ahead.
"""

import os
from datetime import timedelta
from pathlib import Path

from shared import clock

_utcnow, _ahead = clock.utcnow, Path(os.environ["CM_TEST_CLOCK"])
clock.utcnow = lambda: _utcnow() + timedelta(seconds=float(_ahead.read_text()))  # before anybody takes it by name

from services.booking_api.wsgi import create  # noqa: E402

__all__ = ["create"]
