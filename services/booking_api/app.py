"""The booking API's app."""

from flask import Flask

from services.booking_api import availability, callback_requests, callbacks, gadget
from services.booking_api.dependencies import BookingDependencies, Gadget
from services.booking_api.ivr import routes as ivr
from services.booking_api.ivr.schemas import FLAT_DATA_SCHEMAS
from shared.callbacks.request_log import RequestLog
from shared.clock import Clock, utcnow
from shared.config import WebSettings
from shared.db.session import Database
from shared.redis_client import RedisClient
from shared.web.app import build_dependencies, new_app
from shared.web.credentials import SECURITY_SCHEMES

PREFIX = "/api/v1"


def create_app(settings: WebSettings, *, database: Database, cache: RedisClient, now: Clock = utcnow) -> Flask:
    """Build the app; nothing is shared with another one but what is passed in."""
    app, api = new_app(
        "booking_api",
        settings,
        build_dependencies(
            BookingDependencies,
            settings,
            database,
            cache,
            now,
            request_log=RequestLog(database),
            gadget=Gadget.of(settings.gadget),
        ),
        prefix=PREFIX,
        title="Campaign Manager booking API",
        security=SECURITY_SCHEMES,
        deadline=settings.booking_deadline,
    )
    app.url_map.converters["name"] = availability.NameConverter
    api.register_converter(availability.NameConverter, lambda _: {"type": "string", "minLength": 1})
    for module in (availability, callbacks, callback_requests, ivr):
        api.register_blueprint(module.blueprint)
    for name in FLAT_DATA_SCHEMAS:  # their `data_<name>` fields: OpenAPI 3.0 knows no pattern for names
        api.spec.components.schemas[name]["additionalProperties"] = {"type": "string"}
    if settings.gadget:
        api.register_blueprint(gadget.blueprint)
    else:
        app.register_blueprint(gadget.off)
    return app
