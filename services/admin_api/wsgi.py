"""What gunicorn runs: `gunicorn 'services.admin_api.wsgi:create()'`."""

import atexit

from flask import Flask

from services.admin_api.app import create_app, job_runner
from services.admin_api.identity.directory.settings import directory_settings
from shared.config import load, web_settings
from shared.db.clock_skew import read_server_state
from shared.db.session import open_database
from shared.log import configure
from shared.redis_client import RedisClient
from shared.web.dependencies import security_log_of


def create() -> Flask:
    """The app by the environment's settings. Ends the process with a message when one is wrong."""
    settings = load(web_settings)
    configure(settings.log_level, settings.log_format, service="admin_api", node=settings.node)
    directories = load(directory_settings)
    database = open_database(settings)
    database.keep_warm(read_server_state)
    cache = RedisClient(settings.redis_url, settings.redis_timeout)
    app = create_app(settings, database=database, cache=cache, directories=directories)
    atexit.register(security_log_of(app).close)
    runner = job_runner(app, settings.node)
    runner.start()
    atexit.register(runner.close)  # stops after the chunk at hand
    return app
