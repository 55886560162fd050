"""Availability: how many places are free, by day."""

from typing import Any

from flask import Response, current_app, g, jsonify
from flask.views import MethodView

from services.booking_api.schemas import (
    AvailabilityOfSkillQuery,
    AvailabilityQuery,
    AvailabilitySchema,
    availability_body,
)
from shared.callbacks.availability import availability
from shared.callbacks.requests import RequestLog, request_row
from shared.errors import Code, DomainError
from shared.web.auth import secured
from shared.web.schemas import Blueprint

blueprint = secured(
    Blueprint("availability", __name__, url_prefix="/api/v1", description="Are slots free?"), "ivr", "gadget"
)


@blueprint.route("/skills/<string:skill>/availability")
class SkillAvailability(MethodView):
    @blueprint.arguments(AvailabilityQuery, location="query")
    @blueprint.response(200, AvailabilitySchema)
    def get(self, query: dict[str, Any], skill: str) -> Response:
        """Free places of a skill on the next business days or on given dates"""
        return _answer(skill, query)


@blueprint.route("/availability")
class AvailabilityOfSkill(MethodView):
    @blueprint.arguments(AvailabilityOfSkillQuery, location="query")
    @blueprint.response(200, AvailabilitySchema)
    def get(self, query: dict[str, Any]) -> Response:
        """The same, with the skill as a parameter: easier for an IVR"""
        return _answer(query["skill"], query)


def _answer(skill: str, query: dict[str, Any]) -> Response:
    extensions = current_app.extensions
    now = extensions["now"]()
    log: RequestLog = extensions["request_log"]
    asked = {
        "skill": skill,
        "campaign": query["campaign"],
        "call_id": query["call_id"],
        "source": g.caller.source,
        "api_client_id": g.caller.client_id,
    }
    try:
        found = availability(
            extensions["database"],
            extensions["catalogues"],
            skill,
            query["campaign"],
            now,
            days=query["days"],
            dates=query["date"],
        )
    except DomainError as refusal:
        if refusal.code is not Code.SERVICE_UNAVAILABLE:
            log.put(request_row(now, refusal.code, **asked))
        raise
    outcome = "asked" if found.available else "no_slots"
    log.put(request_row(now, outcome, slots_offered=found.available, **asked))
    return jsonify(availability_body(found, query["detail"]))
