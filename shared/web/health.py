"""Liveness and readiness: the status is the whole answer, with one word for the reason; the log says more."""

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify

from shared.clock import Clock, utcnow
from shared.db.clock_skew import read_server_state, skew_problem
from shared.db.error_advice import READ_ONLY, advice_for, old_schema, rights_problem
from shared.db.schema_version import is_outdated, schema_state
from shared.db.session import Database
from shared.web.auth import public
from shared.web.dependencies import base_dependencies

_log = structlog.get_logger(__name__)

health = public(Blueprint("health", __name__, url_prefix="/health"))


@health.get("/live")
def live() -> Response:
    """The process answers. Asks nothing else: a database that is down is no reason to restart us."""
    return jsonify(status="ok")


@health.get("/ready")
def ready() -> Any:
    """May take traffic: 200, or 503 with the reason in one word.

    `starting` and `warming` (connections to the database are being opened), `database` (it does not answer), `schema`
    (migrations are missing), `rights` (the login lacks some), `read_only` (it is a secondary replica), `clock` (ours
    differs from its), `stopping`.
    """
    reason = base_dependencies().readiness()
    if reason is None:
        return jsonify(status="ok")
    return jsonify(status="unavailable", reason=reason), 503


class DatabaseReadiness:
    """Why this node can't serve, or None. Asked by every load balancer, so an answer serves for a moment."""

    MAX_AGE_SECONDS = 0.5
    STATEMENT_SECONDS = 10.0  # those about tables and rights take long, and no request waits for them
    TIMEOUT_SECONDS = 1.0  # seconds after which a database that has not answered yet counts as down

    def __init__(self, database: Database, now: Clock = utcnow, prepare: Callable[[], object] = lambda: None) -> None:
        """`prepare` is what must be in memory before the first request, and raises what the database raises."""
        self._database, self._prepare = database, prepare
        self._now = now
        self._asking = threading.Lock()
        self._asked = float("-inf")
        self._answered = float("-inf")
        self._reason: str | None = "starting"
        self._prepared = False
        self._stopping = False

    def __call__(self) -> str | None:
        """The reason in one word. One caller asks the database; those that come meanwhile do not wait for it."""
        if self._stopping:
            return "stopping"
        if time.monotonic() - self._answered <= self.MAX_AGE_SECONDS:
            return self._reason
        if not self._asking.acquire(blocking=False):
            return "database" if time.monotonic() - self._asked > self.TIMEOUT_SECONDS else self._reason
        try:
            self._asked = time.monotonic()
            before, self._reason = self._reason, self._check()
            self._answered = time.monotonic()
            if self._reason != before:
                _log.info("readiness_changed", reason=self._reason or "ready")
            return self._reason
        finally:
            self._asking.release()

    def stop(self) -> None:
        """Say `stopping` from now on: this node still serves, but wants no new traffic."""
        self._stopping = True
        _log.info("readiness_changed", reason="stopping")

    def _check(self) -> str | None:
        try:
            reason, details = self._ask()
        except Exception as error:
            reason, details = "database", {"problem": advice_for(error), "error": str(getattr(error, "orig", error))}
        if reason is None and self._database.warming:
            return "starting" if self._reason == "starting" else "warming"
        if reason is not None:
            self._prepared = False  # what comes back may be another database
            self._tell(reason, **details)
        return reason

    def _ask(self) -> tuple[str | None, dict[str, Any]]:
        """The reason and what to log of it; what cannot change while we are connected is asked once."""
        if not self._prepared:
            current, needed = schema_state(self._database, self.STATEMENT_SECONDS)
            if is_outdated(current):
                return "schema", {"problem": old_schema(current, needed)}
            if current != needed:
                _log.warning("schema_newer", schema=current, ours=needed, cure="upgrade this node, too")
        with self._database.reading(None if self._prepared else self.STATEMENT_SECONDS) as connection:
            here, server = self._now(), read_server_state(connection)
            if server.read_only:
                return "read_only", {"problem": READ_ONLY}
            if problem := skew_problem((here - server.now).total_seconds()):
                return "clock", {"problem": f"{problem}: set this node's clock, or the database server's"}
            if not self._prepared and (problem := rights_problem(connection)):
                return "rights", {"problem": problem}
        if not self._prepared:
            self._prepare()
        self._prepared = True
        return None, {}

    def _tell(self, reason: str, **details: Any) -> None:
        """Log why, once per outage."""
        if self._reason != reason:
            _log.warning("not_ready", reason=reason, **details)
