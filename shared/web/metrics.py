"""What Prometheus reads, and the log line of each request."""

import logging
import re
import time
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

from shared.web.auth import public
from shared.web.dependencies import dependencies

_log = structlog.get_logger("request")
_stdlib_log = logging.getLogger("request")

SECONDS = Histogram(
    "cm_http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

SLOW_SECONDS = 1.0  # seconds

metrics = public(Blueprint("metrics", __name__))
_QUIET = frozenset({"health", "metrics"})  # blueprints that are asked every few seconds: their requests are not logged
# A label for each method that a client can make up would fill our memory and Prometheus's.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@metrics.get("/metrics")
def metrics_response() -> Response:
    """For Prometheus, on this service's own port; HAProxy never shows it."""
    dependencies().cache.ping()  # so that cm_redis_up is true now, also while nobody books
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def register_request_log(app: Flask) -> None:
    """Time, count and log every request: failed and slow ones at INFO, the others at DEBUG.

    The load balancer logs each request with the same request id; here stands what only the service knows.
    """

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        took = time.perf_counter() - g.get("began", time.perf_counter())
        method = request.method if request.method in _METHODS else "other"
        rule = request.url_rule
        route = rule.rule if rule else "unknown"
        SECONDS.labels(method, route, response.status_code).observe(took)
        if request.blueprint not in _QUIET:
            remarkable = response.status_code >= 500 or took > SLOW_SECONDS
            level = logging.INFO if remarkable else logging.DEBUG
            if _stdlib_log.isEnabledFor(level):
                _log.log(level, "request", **_line(method, route, response, took))
        return response


def _line(method: str, route: str, response: Response, took: float) -> dict[str, Any]:
    caller: Any = g.get("caller")
    return {
        "method": method,
        "route": route,
        "path": loggable(request.path),
        "status": response.status_code,
        "ms": round(took * 1000, 1),
        "request_id": g.get("request_id"),
        "client": caller.name if caller else None,
    }


# An account number, which stays, or five digits and more, however they are written.
_NUMBER = re.compile(r"(?<=/)([0-7][0-9A-HJKMNP-TV-Z]{25}(?:-\d\d)?)(?=/|$)|\d(?:[\s().-]*\d){4,}")


def loggable(path: str) -> str:
    """A path for the log: no longer than what helps, and without numbers that may be a phone's."""
    return _NUMBER.sub(lambda match: match[1] or "***", path[:200])
