"""What HAProxy, service managers and Prometheus ask a worker. Of health checks, the status is the answer."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.dialer_sync.worker import Worker
from shared.web.auth import public
from shared.web.dependencies import BaseDependencies, base_dependencies

health = public(Blueprint("health", __name__, url_prefix="/health"))

metrics = public(Blueprint("metrics", __name__))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDependencies(BaseDependencies):
    """What the requests to a worker's HTTP side work with."""

    worker: Worker


def worker() -> Worker:
    """The worker that this app belongs to."""
    return cast(WorkerDependencies, base_dependencies()).worker


@health.route("/master", methods=["GET", "HEAD", "OPTIONS"], provide_automatic_options=False)
def master() -> tuple[Response, int]:
    """200 on the master, 503 on a standby: by this HAProxy sends operators' requests to the master."""
    if worker().is_master():
        return jsonify(role="master"), 200
    return jsonify(role="standby"), 503


@health.get("/live")
def live() -> tuple[Response, int]:
    """Whether the loop ran recently; a loop that hangs is a reason to restart the process."""
    longest = stall_limit(worker())
    if worker().state.seconds_since_heartbeat() <= longest:
        return jsonify(status="ok"), 200
    return jsonify(status="unavailable", reason="stalled"), 503


@health.get("/ready")
def ready() -> tuple[Response, int]:
    """Whether this node could be master: 200, or 503 with the reason in a word (as elsewhere, `clock`, `zookeeper`)."""
    reason = (
        base_dependencies().readiness()
        or ("database" if worker().state.database_problem else None)
        or ("clock" if worker().state.clock_problem() else None)
        or ("zookeeper" if worker().elector.problem else None)
    )
    if reason is None:
        return jsonify(status="ok"), 200
    return jsonify(status="unavailable", reason=reason), 503


@metrics.get("/metrics")
def metrics_response() -> Response:
    """For Prometheus, on this worker's own port."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def stall_limit(of: Worker) -> float:
    """Seconds without a sign of life that mean the loop hangs; a call to UCCE is the longest it may be silent."""
    return max(30.0, 3 * of.settings.ucce.longest_call)
