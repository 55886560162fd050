"""Liveness and readiness: the status is the whole answer, with one word for the reason; the log says more."""

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, Response, current_app, jsonify

from shared.db.migrate import schema_state
from shared.db.session import Database
from shared.web.auth import public

_log = structlog.get_logger(__name__)

Readiness = Callable[[], str | None]

health = public(Blueprint("health", __name__, url_prefix="/health"))


@health.get("/live")
def live() -> Response:
    """The process answers. Asks nothing else: a database that is down is no reason to restart us."""
    return jsonify(status="ok")


@health.get("/ready")
def ready() -> Any:
    """May take traffic: 200, or 503 with the reason in one word (`database`, `schema`, `stopping`)."""
    reason = current_app.extensions["readiness"]()
    if reason is None:
        return jsonify(status="ok")
    return jsonify(status="unavailable", reason=reason), 503


class DatabaseReadiness:
    """Why this node can't serve, or None. Asked by every load balancer, so an answer serves for a moment."""

    AGE = 0.5  # seconds

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._checked = float("-inf")
        self._reason: str | None = "starting"
        self._schema_ok = False

    def __call__(self) -> str | None:
        with self._lock:
            if time.monotonic() - self._checked > self.AGE:
                before, self._reason = self._reason, self._check()
                self._checked = time.monotonic()
                if self._reason != before:
                    _log.info("readiness_changed", reason=self._reason or "ready")
            return self._reason

    def _check(self) -> str | None:
        try:
            if not self._schema_ok:
                current, needed = schema_state(self._database)
                if current != needed:
                    _log.warning("schema_outdated", current=current, needed=needed, cure="python -m shared.db.migrate")
                    return "schema"
                self._schema_ok = True
            self._database.ping()
        except Exception as error:
            _log.warning("database_not_ready", error=type(error).__name__, text=str(getattr(error, "orig", error)))
            return "database"
        return None
