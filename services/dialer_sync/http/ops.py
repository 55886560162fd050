"""What operators ask of the master: how is it, resign, run a cycle now, the brakes."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, g, jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields

from services.dialer_sync.http.health import worker
from services.dialer_sync.node.statistics import callback_counts, drifted_slots, held_campaigns
from shared.callbacks.brakes import BrakeChange, BrakesState, read_brakes, set_brakes
from shared.callbacks.no_result import result_expected_since
from shared.db.audit import Author
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput, Unavailable
from shared.web.auth import secured
from shared.web.event_limits import Kind
from shared.web.security_events import record

_log = structlog.get_logger(__name__)

ops = secured(Blueprint("ops", __name__, url_prefix="/ops"), "ops")


@ops.after_request
def record_call(response: Response) -> Response:
    """Every call of an operator is a security event, whatever came of it; without a key it is another one."""
    if "caller" in g and response.status_code != HTTPStatus.FORBIDDEN:
        record(Kind.OPS_CALLED, status=response.status_code)
    return response


class BrakesSchema(Schema):
    """`acceptBookings` for one `skill` or all; `handOver` for one `campaign` or all."""

    class Meta:
        unknown = RAISE

    accept_bookings = fields.Boolean(data_key="acceptBookings", truthy={True}, falsy={False})
    hand_over = fields.Boolean(data_key="handOver", truthy={True}, falsy={False})
    skill = fields.String()
    campaign = fields.String()


@ops.get("/status")
def status() -> Response:
    """Everything an operator wants to see first. Parts the database holds are null while it does not answer."""
    one = worker()
    state, now = one.state, one.now()
    try:
        since = result_expected_since(one.config_cache.current().settings, now)
        counts: dict[str, Any] | None = callback_counts(one.database, now, since)
        drift: int | None = drifted_slots(one.database, now)
        held: list[dict[str, Any]] | None = held_campaigns(one.database)
        brakes: dict[str, Any] | None = _brakes_body(_read_brakes(one.database))
    except Unavailable:
        counts = drift = held = brakes = None
    return jsonify(
        node=one.settings.node,
        role="master" if one.is_master() else "standby",
        epoch=state.epoch,
        since=state.since.isoformat() if state.since else None,
        lastCycle=state.last_cycle.to_dict() if state.last_cycle else None,
        callbacks=counts,
        slotDrift=drift,
        ucce=one.ucce_status(),
        heldCampaigns=held,
        brakes=brakes,
        clock=state.clock(),
        electionProblem=one.elector.problem,
        problem=one.problem(),
    )


@ops.post("/resign")
def resign() -> tuple[Response, int]:
    """202: the call in flight ends, then another node becomes master with a larger epoch."""
    _only_master()
    _log.info("resign_asked", by=g.caller.name)
    worker().resign()
    return jsonify(status="resigning"), 202


@ops.post("/dispatch-now")
def dispatch_now() -> tuple[Response, int]:
    """202: a cycle begins at once, whatever the interval says."""
    _only_master()
    worker().dispatch()
    return jsonify(status="dispatching"), 202


@ops.post("/brakes")
def change_brakes() -> Response:
    """Set what the body names; the answer shows all brakes."""
    try:
        body = BrakesSchema().load(request.get_json(force=True, silent=True) or {})
    except ValidationError as error:
        raise InvalidInput(
            {("body" if name == "_schema" else name): messages for name, messages in error.messages_dict.items()}
        ) from error
    change = BrakeChange(**body)
    change.check(skill_field="skill", campaign_field="campaign")
    one = worker()
    _log.info("brakes_set", by=g.caller.name, **body)
    state = set_brakes(one.database, change, by=_author(), now=one.now())
    one.config_cache.reload()  # so that the cycle that begins now knows the brakes
    one.dispatch()
    return jsonify(_brakes_body(state))


@retried
def _read_brakes(database: Database) -> BrakesState:
    with database.reading() as connection:
        return read_brakes(connection)


def _brakes_body(state: BrakesState) -> dict[str, Any]:
    return {
        "acceptBookings": state.accept_bookings,
        "handOver": state.hand_over,
        "pausedSkills": [skill.name for skill in state.paused_skills],
        "pausedCampaigns": [campaign.name for campaign in state.paused_campaigns],
    }


def _author() -> Author:
    """Who holds the key that this request came with."""
    return Author(f"client:{g.caller.name}", request.remote_addr, g.request_id)


def _only_master() -> None:
    if not worker().is_master():
        raise DomainError(Code.NOT_MASTER, "This node is not the master. Ask through the load balancer.")
