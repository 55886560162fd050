"""The flat calls for voice."""

from typing import Any

from flask import Response, g
from flask.views import MethodView

from services.booking_api import idempotency_key
from services.booking_api.callback_requests import record_end_of_offer
from services.booking_api.callbacks import REPORT_REFUSALS
from services.booking_api.ivr.answers import (
    ALWAYS_200,
    data_fields,
    flat,
    flat_callback,
    offer_body,
    ok,
    reported_body,
    slots_body,
)
from services.booking_api.ivr.blueprint import VoiceBlueprint
from services.booking_api.ivr.booking import DEFAULT_LANGUAGE, TIME_REFUSALS, offered, voice_booking
from services.booking_api.ivr.offers import OfferRequest
from services.booking_api.ivr.remembered import find_offer
from services.booking_api.ivr.request_schemas import (
    AgentOutcomeBodySchema,
    BookSchema,
    CallbackQuery,
    DeclineSchema,
    OfferQuery,
)
from services.booking_api.ivr.schemas import (
    BookedSchema,
    FlatCallbackSchema,
    FlatResultSchema,
    OfferedSchema,
    ReportedSchema,
)
from services.booking_api.request_outcomes import count_outcome, record_outcome, record_refusals
from shared.callbacks.agent_outcome import report
from shared.callbacks.lookup import find_by_account_number
from shared.callbacks.personal import AgentOutcome
from shared.callbacks.resolver import REFUSALS
from shared.errors import Code, DomainError, InvalidInput, Unavailable
from shared.web.auth import secured
from shared.web.dependencies import dependencies
from shared.web.json_response import json_response

blueprint = secured(
    VoiceBlueprint("ivr", __name__, url_prefix="/api/v1/ivr", description="Flat calls for voice"), "ivr"
)

_OF_ANY_START = tuple(code for code in (*REFUSALS, Code.DUPLICATE_CALLBACK) if code not in TIME_REFUSALS)


@blueprint.route("/offer")
class VoiceOffer(MethodView):
    @blueprint.refuses(*_OF_ANY_START)
    @flat(OfferedSchema)
    @record_refusals
    @blueprint.arguments(OfferQuery, location="query")
    @blueprint.response(200, OfferedSchema)
    @blueprint.doc(operationId="offerSlots")
    def get(self, query: dict[str, Any]) -> Response:
        """Slots that the caller's number can book: the soonest, then one of each half day, with their words"""
        deps = dependencies()
        request = OfferRequest(
            skill=query["skill"],
            campaign=query["campaign"],
            phone=query["phone"],
            time_zone=query["time_zone"],
            call_id=query["call_id"],
            most=query["max"],
            language=query["language"] or DEFAULT_LANGUAGE,
            start_from=query["start_from"],
            part=query["part"],
        )
        try:
            offer = offered(request, g.caller, deps.now())
        except (Unavailable, InvalidInput):
            raise
        except DomainError as refusal:
            names = deps.config_cache.current().spelling(request.skill, request.campaign)
            record_outcome(refusal.code, call_id=request.call_id, **names)
            raise
        return json_response(offer_body(offer))


@blueprint.route("/book")
class VoiceBook(MethodView):
    @blueprint.refuses(*REFUSALS, Code.UNKNOWN_OFFER, Code.DUPLICATE_CALLBACK, Code.IDEMPOTENCY_KEY_REUSED)
    @flat(BookedSchema)
    @count_outcome
    @record_refusals
    @blueprint.arguments(BookSchema, location="json")
    @blueprint.response(201, BookedSchema)
    @blueprint.alt_response(200, schema=BookedSchema, description="The first answer again, or any with always200",
                            success=True)  # fmt: skip
    @blueprint.doc(operationId="bookOfferedSlot", parameters=[ALWAYS_200, idempotency_key.PARAMETER])
    def post(self, body: dict[str, Any]) -> Response:
        """Book a slot of the call's offer by its number, or any start; where the time is refused, with fresh slots

        Without a key of its own, a repeat for the same call, start and number gets the first answer again."""
        now = dependencies().now()
        asked = voice_booking(body, g.caller)
        try:
            booking = asked.book(now)
        except DomainError as refusal:
            if refusal.code is Code.UNKNOWN_OFFER:
                asked.record(refusal.code)
            if refusal.code not in TIME_REFUSALS:
                raise
            try:
                fresh = asked.fresh_slots(now)
            except DomainError:
                raise refusal from None
            raise DomainError(refusal.code, refusal.detail, **{**refusal.extra, **slots_body(fresh)}) from None
        answer = flat_callback(booking.callback, asked.language)
        return json_response({**answer, **slots_body(None)}, 200 if booking.replayed else 201)


@blueprint.route("/callback")
class VoiceCallback(MethodView):
    @blueprint.refuses(Code.UNKNOWN_CALLBACK)
    @flat(FlatCallbackSchema)
    @blueprint.arguments(CallbackQuery, location="query")
    @blueprint.response(200, FlatCallbackSchema)
    @blueprint.doc(operationId="fetchCallback")
    def get(self, query: dict[str, Any]) -> Response:
        """The callback of an answered call, with the call's data as `data_<name>`"""
        deps = dependencies()
        callback = find_by_account_number(deps.database, deps.config_cache, query["account"], g.caller.visible)
        language = query["language"] or DEFAULT_LANGUAGE
        return json_response({**flat_callback(callback, language), **data_fields(callback.call_data)})


@blueprint.route("/agent-outcome")
class VoiceAgentOutcome(MethodView):
    @blueprint.refuses(*REPORT_REFUSALS)
    @flat(ReportedSchema)
    @blueprint.arguments(AgentOutcomeBodySchema, location="json")
    @blueprint.response(200, ReportedSchema)
    @blueprint.doc(operationId="reportVoiceAgentOutcome", parameters=[ALWAYS_200])
    def post(self, body: dict[str, Any]) -> Response:
        """Report how a personal callback ended; after `agent_unavailable` the next call is booked

        A repeat does nothing. A refusal records nothing: the script goes on with the skill.
        """
        deps = dependencies()
        outcome = AgentOutcome(body["outcome"])
        end = report(deps.database, deps.config_cache, body["account"], outcome, caller=g.caller, now=deps.now())
        return json_response(reported_body(end, body["language"] or DEFAULT_LANGUAGE))


@blueprint.route("/decline")
class VoiceDecline(MethodView):
    @blueprint.refuses(Code.UNKNOWN_SKILL, Code.IDEMPOTENCY_KEY_REUSED)
    @flat(FlatResultSchema)
    @blueprint.arguments(DeclineSchema, location="json")
    @blueprint.response(200, FlatResultSchema)
    @blueprint.doc(operationId="declineOffer", parameters=[ALWAYS_200, idempotency_key.PARAMETER])
    def post(self, body: dict[str, Any]) -> Response:
        """Tell that the caller declined the offer, or hung up"""
        if body["skill"] is None:
            offer = find_offer(dependencies().database, g.caller.requester, body["call_id"], None)
            if offer is None:
                raise InvalidInput({"skill": ["Send the skill: no offer of this call is known."]})
            body |= {"skill": offer.skill, "campaign": offer.campaign}
        record_end_of_offer({name: value for name, value in body.items() if name != "request_id"}, body["request_id"])
        return json_response(ok())
