"""The admin API's app."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from services.admin_api import (
    api_clients,
    audit_log,
    auth,
    callbacks,
    campaigns,
    daily_schedules,
    do_not_call,
    live,
    reports,
    settings,
    skill_schedules,
    skills,
    system,
    users,
    weekly_schedules,
)
from services.admin_api.compression import register_compression
from services.admin_api.fields import register_key_converter
from services.admin_api.portal import register_portal
from shared.cache import Cache
from shared.clock import Clock, utcnow
from shared.config import WebSettings
from shared.db.session import Database
from shared.web.app import new_app

PREFIX = "/admin/api/v1"

_RESOURCES = (
    live,
    callbacks,
    daily_schedules,
    weekly_schedules,
    skill_schedules,
    skills,
    campaigns,
    do_not_call,
    reports,
    settings,
    users,
    api_clients,
    audit_log,
    system,
)


def create_app(web: WebSettings, *, database: Database, cache: Cache, now: Clock = utcnow) -> Flask:
    """Build the app; nothing is shared with another one but what is passed in."""
    app, api = new_app(
        "admin_api",
        web,
        database=database,
        cache=cache,
        now=now,
        prefix=PREFIX,
        title="Campaign Manager admin API",
        security={"session": {"type": "apiKey", "in": "cookie", "name": "cm_session"}},
        deadline=web.admin_deadline,
    )
    app.config.update(AUTH_SCHEME="Session", NODE=web.node)
    # The load balancer says who asks and whether over TLS; it lets no client's own word through (haproxy.cfg).
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    register_key_converter(app, api)
    api.register_blueprint(auth.doorway)
    api.register_blueprint(auth.blueprint)
    for module in _RESOURCES:
        api.register_blueprint(module.blueprint)
    register_portal(app)
    register_compression(app)
    return app
