"""The admin API's app."""

from flask import Flask

from shared.cache import Cache
from shared.clock import Clock, utcnow
from shared.config import WebSettings
from shared.db.session import Database
from shared.web.app import new_app

PREFIX = "/admin/api/v1"


def create_app(settings: WebSettings, *, database: Database, cache: Cache, now: Clock = utcnow) -> Flask:
    """Build the app; nothing is shared with another one but what is passed in."""
    app, _ = new_app(
        "admin_api",
        settings,
        database=database,
        cache=cache,
        now=now,
        prefix=PREFIX,
        title="Campaign Manager admin API",
        security={"session": {"type": "apiKey", "in": "cookie", "name": "cm_session"}},
    )
    return app
