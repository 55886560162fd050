"""What Prometheus reads, and the one log line of each request."""

import time
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest

from shared.web.auth import public

_log = structlog.get_logger("request")

SECONDS = Histogram(
    "cm_http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

metrics = public(Blueprint("metrics", __name__))
_QUIET = frozenset({"health.live", "health.ready", "metrics.show"})


@metrics.get("/metrics")
def show() -> Response:
    """For Prometheus, on this service's own port; HAProxy never shows it."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def register_request_log(app: Flask) -> None:
    """Time, count and log every request. The path is logged, never the query: phone numbers stand there."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        took = time.perf_counter() - g.get("began", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "unknown"
        SECONDS.labels(request.method, route, response.status_code).observe(took)
        if request.endpoint not in _QUIET:
            caller: Any = g.get("caller")
            _log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(took * 1000, 1),
                request_id=g.get("request_id"),
                client=caller.name if caller else None,
            )
        return response
