"""The worker's own small HTTP side: health, metrics, and what operators ask."""

import threading

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]

from services.dialer_sync.http.health import WorkerDependencies, health, metrics
from services.dialer_sync.http.ops import ops
from services.dialer_sync.worker import Worker
from shared.web.deadlines import register_deadline
from shared.web.dependencies import register_dependencies
from shared.web.health import DatabaseReadiness
from shared.web.key_uses import KeyUses
from shared.web.metrics import register_request_log
from shared.web.problems import register_problems
from shared.web.rate_limits import LocalRateLimits
from shared.web.request_ids import register_request_id
from shared.web.security_log import SecurityLog

MAX_BODY_BYTES = 16 * 1024  # bytes
DEADLINE_SECONDS = 4.0  # seconds for an operator's request, as by default for one of the booking API


def create_app(worker: Worker) -> Flask:
    """Build the app of one worker."""
    app = Flask("dialer_sync", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    parts = WorkerDependencies(
        worker=worker,
        database=worker.database,
        config_cache=worker.config_cache,
        now=worker.now,
        rate_limits=LocalRateLimits(),
        key_uses=KeyUses(worker.database),
        readiness=DatabaseReadiness(worker.database, worker.now),
        security_log=SecurityLog(worker.database, worker.now),
    )
    register_dependencies(app, parts)
    register_request_id(app)
    register_request_log(app)
    register_deadline(app, DEADLINE_SECONDS)
    for blueprint in (health, metrics, ops):
        app.register_blueprint(blueprint)
    register_problems(app)
    return app


class Server:
    """Serves the app in a thread until closed. Raises OSError when the port is taken."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        # HAProxy replaces X-Forwarded-For with the address it sees, as for the admin API.
        proxy = {"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-for"}}
        self._server = create_server(app, host=host, port=port, threads=4, ident=None, **proxy)
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._server.run, name="http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.close()
        self._thread.join(2)
