"""What gunicorn runs: `gunicorn 'services.booking_api.wsgi:create()'`."""

import atexit

from flask import Flask

from services.booking_api.app import create_app
from shared.cache import Cache
from shared.config import load, web_settings
from shared.db.session import open_database
from shared.log import configure


def create() -> Flask:
    """The app by the environment's settings. Ends the process with a message when one is wrong."""
    settings = load(web_settings)
    configure(settings.log_level, settings.log_format, service="booking_api", node=settings.node)
    database = open_database(settings)
    cache = Cache(settings.redis_url, settings.redis_timeout)
    app = create_app(settings, database=database, cache=cache)
    atexit.register(app.extensions["request_log"].close)  # the questions of the last half second
    return app
