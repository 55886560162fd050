"""Availability: how many places are free, by day."""

from typing import Any

from flask import Response
from flask.views import MethodView
from werkzeug.routing import BaseConverter

from services.booking_api.agents.authentication import open_to_agents
from services.booking_api.request_outcomes import name_or_none, record_outcome, record_refusals
from services.booking_api.schemas import (
    AvailabilityOfSkillQuery,
    AvailabilityQuery,
    AvailabilitySchema,
    availability_body,
)
from shared.callbacks.availability import availability
from shared.errors import Code, DomainError, Unavailable
from shared.web.dependencies import dependencies
from shared.web.json_response import json_response
from shared.web.schemas import Blueprint

blueprint = open_to_agents(Blueprint("availability", __name__, url_prefix="/api/v1", description="Are slots free?"))
_refuses = Blueprint.refuses(
    Code.UNKNOWN_SKILL, Code.UNKNOWN_CAMPAIGN, Code.CAMPAIGN_NOT_AVAILABLE, Code.INVALID_PHONE,
    Code.PHONE_NOT_ALLOWED, Code.DO_NOT_CALL,
)  # fmt: skip


class NameConverter(BaseConverter):
    """A name in a path: with a slash too, which servers decode from %2F before a route is looked for."""

    regex = "(?s:.+?)"
    part_isolating = False


@blueprint.route("/skills/<name:skill>/availability")
class SkillAvailability(MethodView):
    @_refuses
    @record_refusals
    @blueprint.arguments(AvailabilityQuery, location="query")
    @blueprint.response(200, AvailabilitySchema)
    @blueprint.doc(operationId="checkAvailabilityOfSkill")
    def get(self, query: dict[str, Any], skill: str) -> Response:
        """Free places of a skill on the next business days or on given dates"""
        return _answer(skill, query)


@blueprint.route("/availability")
class AvailabilityOfSkill(MethodView):
    @_refuses
    @record_refusals
    @blueprint.arguments(AvailabilityOfSkillQuery, location="query")
    @blueprint.response(200, AvailabilitySchema)
    @blueprint.doc(operationId="checkAvailability")
    def get(self, query: dict[str, Any]) -> Response:
        """The same, with the skill as a parameter: easier for an IVR"""
        return _answer(query["skill"], query)


def _answer(skill: str, query: dict[str, Any]) -> Response:
    deps = dependencies()
    names = deps.config_cache.current().spelling(name_or_none(skill), query["campaign"])
    names = {**names, "call_id": query["call_id"]}
    try:
        result = availability(
            deps.database,
            deps.config_cache,
            skill,
            query["campaign"],
            deps.now(),
            days=query["days"],
            dates=query["date"],
            slots=query["detail"] == "slots",
            phone=query["phone"],
            time_zone=query["time_zone"],
        )
    except Unavailable:
        raise
    except DomainError as refusal:
        record_outcome(refusal.code, **names)
        raise
    record_outcome("asked" if result.available else "no_slots", slots_offered=result.available, **names)
    return json_response(availability_body(result, query["detail"]))
