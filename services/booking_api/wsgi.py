"""What gunicorn runs: `gunicorn 'services.booking_api.wsgi:create()'`."""

import atexit
import os
from dataclasses import replace

from flask import Flask

from services.booking_api.app import create_app
from services.booking_api.dependencies import request_log_of
from shared.callbacks.booking import rehearse
from shared.config import WebSettings, load, parsed_url, web_settings
from shared.db.session import open_database
from shared.log import configure
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies_of, security_log_of


def create() -> Flask:
    """The app by the environment's settings. Ends the process with a message when one is wrong."""
    settings = load(web_settings)
    configure(settings.log_level, settings.log_format, service="booking_api", node=settings.node)
    database = open_database(_with_short_timeouts(settings))
    database.keep_warm(rehearse)
    cache = RedisClient(settings.redis_url, settings.redis_timeout)
    app = create_app(settings, database=database, cache=cache)
    atexit.register(request_log_of(app).close)  # writes the requests of the last half second
    atexit.register(dependencies_of(app).key_uses.close)
    atexit.register(security_log_of(app).close)
    return app


def _with_short_timeouts(settings: WebSettings) -> WebSettings:
    """On SQL Server a statement gets 1 s here, unless CM_DATABASE_TIMEOUT says otherwise.

    Microsoft's driver takes three times that when the server has fallen silent, because it waits for its cancellation
    to be confirmed too; and an IVR hangs up on us after 5.
    """
    on_server = parsed_url(settings.database_url).get_backend_name() == "mssql"
    if not on_server or os.environ.get("CM_DATABASE_TIMEOUT"):
        return settings
    return replace(settings, database_timeout=1.0)
