"""The app factory that both HTTP services start from."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from shared import __version__
from shared.callbacks.config_cache import ConfigCache
from shared.clock import Clock
from shared.config import WebSettings
from shared.db.session import Database
from shared.phone_hash import PhoneHash
from shared.redis_client import RedisClient
from shared.web.deadlines import register_deadline
from shared.web.dependencies import Dependencies, register_dependencies
from shared.web.docs import docs_blueprint
from shared.web.health import DatabaseReadiness, health
from shared.web.key_uses import KeyUses
from shared.web.metrics import metrics, register_request_log
from shared.web.openapi import ProblemApi
from shared.web.problems import register_problems
from shared.web.rate_limits import RateLimits
from shared.web.request_ids import register_request_id
from shared.web.security_log import SecurityLog

D = TypeVar("D", bound=Dependencies)


def build_dependencies(
    kind: type[D], settings: WebSettings, database: Database, cache: RedisClient, now: Clock, **own: Any
) -> D:
    """The parts that both web services have, as a `kind` with `own` parts beside them."""
    config_cache = ConfigCache(database, PhoneHash.of_key(settings.phone_hash_key))
    return kind(
        database=database,
        cache=cache,
        now=now,
        config_cache=config_cache,
        rate_limits=RateLimits(cache),
        key_uses=KeyUses(database),
        readiness=DatabaseReadiness(database, now, prepare=config_cache.current),
        security_log=SecurityLog(database, now),
        **own,
    )


def new_app(
    name: str,
    settings: WebSettings,
    parts: Dependencies,
    *,
    prefix: str,
    title: str,
    security: Mapping[str, Any],
    deadline: float,
) -> tuple[Flask, Api]:
    """An app with problems, request ids, limits, health, metrics and its OpenAPI document under `prefix`.

    Each request has `deadline` seconds.
    """
    app = Flask(name, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.body_limit,
        GADGET=settings.gadget,
        DRAIN_SECONDS=settings.drain,
        API_TITLE=title,
        API_VERSION=__version__,
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=prefix,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": dict(security)},
            "security": [{key: []} for key in security],
        },
    )
    # The load balancer sets the client's address and whether it used TLS, and removes what a client sent (haproxy.cfg).
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # by a redirect, which few clients repeat a POST for
    register_dependencies(app, parts)
    register_deadline(app, deadline)
    register_request_id(app)
    register_request_log(app)
    app.register_blueprint(health)
    app.register_blueprint(metrics)
    api = ProblemApi(app)
    register_problems(app)  # after Api, whose own handlers would answer with another body
    app.blueprints["api-docs"].auth = "none"  # type: ignore[attr-defined]
    if settings.api_docs:
        app.register_blueprint(docs_blueprint(prefix))
    return app, api
