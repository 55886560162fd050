"""The product's booking API, whose commits can be lost (gunicorn 'tests.chaos.booking:create()')."""

from flask import Flask

from services.booking_api import wsgi
from tests.chaos import sabotage


def create() -> Flask:
    sabotage.lose_commits("booking-commit")
    return wsgi.create()
