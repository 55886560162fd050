"""The product's booking API with a wall clock that can be wrong and commits that can be lost (gunicorn
'tests.chaos.booking:create()')."""

from datetime import timedelta

from flask import Flask

from shared import clock
from tests.chaos import fault_injection

_right = clock.utcnow
clock.utcnow = lambda: _right() + timedelta(seconds=fault_injection.clock_is_off())  # before anybody takes it by name

from services.booking_api import wsgi  # noqa: E402


def create() -> Flask:
    fault_injection.lose_commits("booking-commit")
    return wsgi.create()
