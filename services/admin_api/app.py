"""The admin API's app."""

from flask import Flask

from services.admin_api.callbacks import callback_routes
from services.admin_api.campaigns import campaign_routes, skills
from services.admin_api.do_not_call import routes as do_not_call_routes
from services.admin_api.erasures import routes as erasure_routes
from services.admin_api.framework.compression import register_compression
from services.admin_api.framework.fields import register_key_converter
from services.admin_api.identity import (
    api_client_routes,
    auth_routes,
    login_methods,
    mfa_routes,
    oidc_routes,
    session_routes,
    user_routes,
)
from services.admin_api.identity.directory.dependencies import AdminDependencies
from services.admin_api.identity.directory.directories import Directories
from services.admin_api.identity.directory.settings import DirectorySettings
from services.admin_api.identity.sessions import COOKIE, TLS_COOKIE
from services.admin_api.jobs.runner import JobRunner
from services.admin_api.operations import audit_log, jobs, live, settings, system
from services.admin_api.portal import register_portal
from services.admin_api.reports import routes as report_routes
from services.admin_api.schedules import assignment_routes, daily, time_zones, weekly
from shared.clock import Clock, utcnow
from shared.config import WebSettings
from shared.db.session import Database
from shared.redis_client import RedisClient
from shared.web.app import build_dependencies, new_app
from shared.web.dependencies import dependencies_of

PREFIX = "/admin/api/v1"

_RESOURCES = (
    live,
    callback_routes,
    daily,
    weekly,
    assignment_routes,
    time_zones,
    skills,
    campaign_routes,
    do_not_call_routes,
    erasure_routes,
    jobs,
    report_routes,
    settings,
    session_routes,
    mfa_routes,
    user_routes,
    api_client_routes,
    audit_log,
    system,
)


def create_app(
    web: WebSettings,
    *,
    database: Database,
    cache: RedisClient,
    now: Clock = utcnow,
    directories: DirectorySettings | None = None,
) -> Flask:
    """Build the app; nothing is shared with another one but what is passed in."""
    app, api = new_app(
        "admin_api",
        web,
        build_dependencies(
            AdminDependencies, web, database, cache, now, directories=Directories(directories or DirectorySettings())
        ),
        prefix=PREFIX,
        title="Campaign Manager admin API",
        security={
            "session": {"type": "apiKey", "in": "cookie", "name": TLS_COOKIE},
            "plainSession": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Over plain HTTP only"},
        },
        deadline=web.admin_deadline,
    )
    app.config.update(AUTH_SCHEME="Session", NODE=web.node)
    register_key_converter(app, api)
    api.register_blueprint(auth_routes.login_blueprint)
    api.register_blueprint(login_methods.blueprint)
    api.register_blueprint(oidc_routes.blueprint)
    api.register_blueprint(auth_routes.blueprint)
    for module in _RESOURCES:
        api.register_blueprint(module.blueprint)
    register_portal(app)
    register_compression(app)
    return app


def job_runner(app: Flask, node: str) -> JobRunner:
    """What runs the jobs that requests of `app` make, once it is started."""
    deps = dependencies_of(app)
    return JobRunner(
        deps.database, deps.config_cache, node, deps.now, {name: kind.work for name, kind in jobs.KINDS.items()}
    )
