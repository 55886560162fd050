"""Which requests are logged: not those of load balancers and Prometheus, which come every few seconds."""

import pytest
import structlog
from flask import Blueprint, Flask

from shared.web.metrics import metrics, register_request_log


@pytest.fixture
def app() -> Flask:
    app = Flask("test")
    register_request_log(app)
    app.register_blueprint(metrics)
    health = Blueprint("health", __name__, url_prefix="/health")
    health.add_url_rule("/ready", view_func=lambda: ({"status": "unavailable"}, 503))
    app.register_blueprint(health)
    app.add_url_rule("/work", view_func=lambda: ({"status": "ok"}, 200), endpoint="work")
    return app


@pytest.mark.parametrize(
    ("path", "logged"), [("/work", ["/work"]), ("/nowhere", ["unknown"]), ("/health/ready", []), ("/metrics", [])]
)
def test_health_checks_and_metrics_are_not_logged(
    app: Flask, path: str, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="request")
    with structlog.testing.capture_logs() as lines:
        app.test_client().get(path)
    assert [line["route"] for line in lines if line["event"] == "request"] == logged
