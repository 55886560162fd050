"""Callbacks: book, find, move, cancel."""

from typing import Any

from flask import Response, g
from flask.views import MethodView

from services.booking_api import idempotency_key
from services.booking_api.agents.acts import audited
from services.booking_api.agents.authentication import open_to_agents
from services.booking_api.request_outcomes import count_outcome, record_refusals
from services.booking_api.schemas import (
    AgentOutcomeSchema,
    BookingRequestSchema,
    CallbackSchema,
    CallbacksQuery,
    CallbacksSchema,
    ReportedEndSchema,
    RescheduleSchema,
    booking_request_of,
    callback_body,
    reported_end_body,
)
from shared.callbacks.agent_outcome import report
from shared.callbacks.booking import book
from shared.callbacks.cancel_dispatch import ExtraWork, cancel, cancel_once
from shared.callbacks.idempotency import KeyedChange, RequestKey, fingerprint
from shared.callbacks.lookup import find_by_account_number, find_by_phone, plain_account_number
from shared.callbacks.personal import AgentOutcome
from shared.callbacks.reschedule import reschedule
from shared.callbacks.resolver import REFUSALS
from shared.callbacks.rules import phone_to_search
from shared.callbacks.states import OPEN, Status
from shared.db.audit import AuditFields
from shared.errors import Code, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.json_response import json_response
from shared.web.schemas import Blueprint

PATH = "/api/v1/callbacks"
blueprint = open_to_agents(Blueprint("callbacks", __name__, url_prefix=PATH, description="Booked callbacks"))

_LOCATION = {"Location": {"description": "The callback's address", "schema": {"type": "string"}}}

_find_refuses = Blueprint.refuses(Code.UNKNOWN_CALLBACK)
_cancel_refuses = Blueprint.refuses(
    Code.UNKNOWN_CALLBACK, Code.NOT_CANCELLABLE, Code.IDEMPOTENCY_KEY_REUSED, Code.VALIDATION_ERROR
)
_reschedule_refuses = Blueprint.refuses(
    Code.UNKNOWN_CALLBACK, Code.NOT_RESCHEDULABLE, *REFUSALS, Code.IDEMPOTENCY_KEY_REUSED
)
REPORT_REFUSALS = (
    Code.UNKNOWN_CALLBACK, Code.NOT_PERSONAL, Code.NOT_DIALED, Code.ALREADY_REPORTED, Code.NOT_RESCHEDULABLE,
    # What refuses every slot of the follow-up; what refuses one of them alone is no answer, the next one is tried.
    Code.CAMPAIGN_NOT_AVAILABLE, Code.BOOKING_CLOSED, Code.INVALID_PHONE, Code.PHONE_NOT_ALLOWED, Code.DO_NOT_CALL,
    Code.DUPLICATE_CALLBACK, Code.NO_SLOT,
)  # fmt: skip
_book_refuses = Blueprint.refuses(*REFUSALS, Code.DUPLICATE_CALLBACK, Code.IDEMPOTENCY_KEY_REUSED)


@blueprint.route("")
class Callbacks(MethodView):
    @_book_refuses
    @count_outcome
    @record_refusals
    @blueprint.arguments(BookingRequestSchema, location="json")
    @blueprint.response(201, CallbackSchema, headers=_LOCATION)
    @blueprint.alt_response(200, schema=CallbackSchema, description="The first answer to this key again", success=True)
    @blueprint.doc(operationId="bookCallback", parameters=[idempotency_key.PARAMETER])
    def post(self, body: dict[str, Any]) -> Response:
        """Book a callback"""
        deps = dependencies()
        _require_own_agent(body["agent_id"])
        booking = book(
            deps.database,
            deps.config_cache,
            booking_request_of(body),
            g.caller,
            deps.now(),
            idempotency_key.idempotency_key(body["request_id"]),
            audited("book"),
        )
        response = json_response(callback_body(booking.callback), 200 if booking.replayed else 201)
        response.headers["Location"] = f"{PATH}/{booking.callback.account_number}"
        return response

    @Blueprint.refuses(Code.INVALID_PHONE)
    @blueprint.arguments(CallbacksQuery, location="query")
    @blueprint.response(200, CallbacksSchema)
    @blueprint.doc(operationId="findCallbacks")
    def get(self, query: dict[str, Any]) -> Response:
        """The callbacks of a number that the client sees, newest first; the open ones unless `status` says otherwise"""
        deps = dependencies()
        config_cache, text = deps.config_cache, query["phone"]
        phone = config_cache.retry_if_stale(lambda snapshot: phone_to_search(snapshot.settings, text))
        statuses = {"open": tuple(OPEN), "all": tuple(Status)}.get(query["status"]) or (Status(query["status"]),)
        callbacks = find_by_phone(deps.database, config_cache, phone, statuses, g.caller.visible)
        return json_response(
            {"callbacks": [callback_body(callback) for callback in callbacks], "total": len(callbacks)}
        )


@blueprint.route("/<string:account_number>")
class Callback(MethodView):
    @_find_refuses
    @blueprint.response(200, CallbackSchema)
    @blueprint.doc(operationId="getCallback")
    def get(self, account_number: str) -> Response:
        """A callback by its account number, with or without attempt suffix: what CVP needs on the answered call"""
        deps = dependencies()
        callback = find_by_account_number(deps.database, deps.config_cache, account_number, g.caller.visible)
        return json_response(callback_body(callback))

    @_reschedule_refuses
    @blueprint.arguments(RescheduleSchema, location="json")
    @blueprint.response(200, CallbackSchema)
    @blueprint.doc(operationId="patchCallback", parameters=[idempotency_key.PARAMETER])
    def patch(self, body: dict[str, Any], account_number: str) -> Response:
        """Move a scheduled callback to another start"""
        return _reschedule(body, account_number)

    @_cancel_refuses
    @blueprint.response(204)
    @blueprint.doc(operationId="deleteCallback", parameters=[idempotency_key.PARAMETER])
    def delete(self, account_number: str) -> None:
        """Cancel a scheduled callback; cancelling it again does nothing"""
        _cancel(account_number, None)


@blueprint.route("/<string:account_number>/reschedule")
class Reschedule(MethodView):
    @_reschedule_refuses
    @blueprint.arguments(RescheduleSchema, location="json")
    @blueprint.response(200, CallbackSchema)
    @blueprint.doc(operationId="rescheduleCallback", parameters=[idempotency_key.PARAMETER])
    def post(self, body: dict[str, Any], account_number: str) -> Response:
        """Move a scheduled callback: for CVP, whose REST element knows no PATCH"""
        return _reschedule(body, account_number)


@blueprint.route("/<string:account_number>/cancel")
class Cancel(MethodView):
    @_cancel_refuses
    @blueprint.response(204)
    @blueprint.doc(operationId="cancelCallback", parameters=[idempotency_key.PARAMETER])
    def post(self, account_number: str) -> None:
        """Cancel a scheduled callback, as DELETE does; it needs no body, but reads `requestId` in one"""
        _cancel(account_number, idempotency_key.request_id_of_body())


@blueprint.route("/<string:account_number>/agent-outcome")
class AgentOutcomes(MethodView):
    @Blueprint.refuses(*REPORT_REFUSALS)
    @blueprint.arguments(AgentOutcomeSchema, location="json")
    @blueprint.response(200, ReportedEndSchema)
    @blueprint.doc(operationId="reportAgentOutcome")
    def post(self, body: dict[str, Any], account_number: str) -> Response:
        """Report how a personal callback ended; after `agent_unavailable` the next call is booked

        A repeat does nothing. A refusal records nothing: the script goes on with the skill.
        """
        deps = dependencies()
        outcome = AgentOutcome(body["outcome"])
        end = report(deps.database, deps.config_cache, account_number, outcome, caller=g.caller, now=deps.now())
        return json_response(reported_end_body(end))


def _require_own_agent(agent_id: str | None) -> None:
    """Raises InvalidInput for an agent who books a personal callback for another one."""
    if agent_id is not None and g.caller.agent_id not in (None, agent_id):
        raise InvalidInput({"agentId": ["An agent books personal callbacks for themselves only."]})


def _reschedule(body: dict[str, Any], account_number: str) -> Response:
    deps = dependencies()
    moved = reschedule(
        deps.database,
        deps.config_cache,
        account_number,
        body["start"],
        now=deps.now(),
        who=g.caller.who,
        in_transaction=_audited("reschedule", account_number, {"start": body["start"]}),
        keyed=_keyed(body["request_id"], "reschedule", account_number, body["start"]),
        visible=g.caller.visible,
    )
    return json_response(callback_body(moved))


def _cancel(account_number: str, request_id: str | None) -> None:
    deps = dependencies()
    keyed = _keyed(request_id, "cancel", account_number)
    who, visible, in_audit = g.caller.who, g.caller.visible, _audited("cancel", account_number)
    if keyed is None:
        cancel(deps.database, account_number, now=deps.now(), who=who, visible=visible, in_transaction=in_audit)
    else:
        cancel_once(
            deps.database, account_number, now=deps.now(), who=who, keyed=keyed, visible=visible,
            in_transaction=in_audit,
        )  # fmt: skip


def _audited(action: str, account_number: str, after: AuditFields | None = None) -> ExtraWork | None:
    """The audit row of an agent's change."""
    write = audited(action, after)
    return None if write is None else lambda tx: write(tx, plain_account_number(account_number))


def _keyed(request_id: str | None, kind: str, account_number: str, *body: str) -> KeyedChange | None:
    """The key of a move or a cancellation, if it has one."""
    key = idempotency_key.idempotency_key(request_id)
    if key is None:
        return None
    request = {"kind": kind, "accountNumber": plain_account_number(account_number), "body": body}
    return KeyedChange(RequestKey(g.caller.requester, key, fingerprint(request)), g.caller.source, g.caller.client_id)
