"""The Finesse gadget: an agent's session from Finesse's authorization, the call on their line, the skills to choose."""

from typing import Any

from flask import Response, g, request
from flask.views import MethodView

from services.booking_api.agents import login_failures, queues, sessions
from services.booking_api.agents.authentication import agent_of
from services.booking_api.dependencies import gadget
from services.booking_api.finesse.client import CredentialsRefused, NotThere
from services.booking_api.finesse.credentials import Credentials, credentials_of
from services.booking_api.finesse.customer import ACCOUNT_VARIABLE, Line, customer_address, line_of
from services.booking_api.finesse.resources import Dialog, FinesseUser, read_dialog, read_user
from services.booking_api.gadget_schemas import (
    CallQuerySchema,
    CallSchema,
    DraftSchema,
    LoginSchema,
    SessionSchema,
    SkillsSchema,
)
from services.booking_api.schemas import callback_body
from shared.callbacks.lookup import CallbackView, find_by_account_number, read_events
from shared.callbacks.personal_data import REMOVED
from shared.errors import Code, DomainError
from shared.web.credentials import Scheme, challenges, credential_of
from shared.web.dependencies import dependencies
from shared.web.event_limits import Kind
from shared.web.json_response import json_response
from shared.web.schemas import Blueprint
from shared.web.security_events import record

PREFIX = "/api/v1/gadget"
blueprint = Blueprint("gadget", __name__, url_prefix=PREFIX, description="Agents in the Finesse gadget")
blueprint.auth = "agent"

_BEARER: dict[str, Any] = {"security": [{"bearer": []}]}
_REFUSED = "Finesse does not accept this authorization for this agent."


@blueprint.before_request
def require_agent() -> None:
    """Let agents call with their session's token; the login needs none. Raises `unauthorized`, `rate_limited`."""
    if request.endpoint == f"gadget.{Session.__name__}" and request.method == "POST":
        return
    credential = credential_of(request.headers)
    g.challenges = challenges(credential) if credential else ("Bearer",)
    if credential is None or credential.scheme is not Scheme.BEARER or agent_of(credential.secret) is None:
        raise DomainError(Code.UNAUTHORIZED, "Send the token of an agent's session as Authorization: Bearer.")


@blueprint.route("/session")
class Session(MethodView):
    @Blueprint.refuses(Code.FINESSE_UNAVAILABLE, Code.GADGET_DISABLED)
    @blueprint.arguments(LoginSchema, location="json")
    @blueprint.response(200, SessionSchema)
    @blueprint.doc(operationId="beginAgentSession", security=[])
    def post(self, body: dict[str, Any]) -> Response:
        """Begin an agent's session by what Finesse gave the gadget; Finesse is asked, and nothing of it is kept"""
        deps = dependencies()
        credentials = credentials_of(body["authorization"], body["auth_token"])
        user = _log_in(body["agent_id"], credentials)
        token = sessions.new_token()
        session = sessions.create(deps.database, token, user.login_id, user.extension, deps.now())
        return json_response(
            {
                "token": token,
                "expiresAt": session.expires_at.isoformat(),
                "agentId": user.login_id,
                "firstName": user.first_name,
                "lastName": user.last_name,
                "extension": user.extension,
                "draft": session.draft,
            }
        )

    @blueprint.response(204)
    @blueprint.doc(operationId="endAgentSession", **_BEARER)
    def delete(self) -> None:
        """End the session"""
        sessions.end(dependencies().database, g.agent_session)


@blueprint.route("/session/call")
class Call(MethodView):
    @Blueprint.refuses(Code.UNKNOWN_CALL, Code.FINESSE_UNAVAILABLE)
    @blueprint.arguments(CallQuerySchema, location="json")
    @blueprint.response(200, CallSchema)
    @blueprint.doc(operationId="setCallOfAgent", **_BEARER)
    def put(self, body: dict[str, Any]) -> Response:
        """Say which call the agent works on: as long as it lasts, the callbacks of its number are the agent's to see"""
        deps, session = dependencies(), g.agent_session
        dialog = _dialog(body["dialog_id"], credentials_of(body["authorization"], body["auth_token"]))
        snapshot = deps.config_cache.current()
        callback = _callback_of(dialog)
        address = callback.phone if callback else customer_address(dialog, session.extension)
        line = line_of(address, session.extension, snapshot.settings)
        sessions.set_line(deps.database, session, line.phone, deps.now())
        skill = queues.skill_of_queue(snapshot, gadget().queues, dialog.queue)
        return json_response(_call_body(dialog, line, callback, skill.name if skill else None))

    @blueprint.response(204)
    @blueprint.doc(operationId="endCallOfAgent", **_BEARER)
    def delete(self) -> None:
        """Say that the call and its wrap-up are over"""
        deps = dependencies()
        sessions.set_line(deps.database, g.agent_session, None, deps.now())


@blueprint.route("/session/draft")
class Draft(MethodView):
    @blueprint.arguments(DraftSchema, location="json")
    @blueprint.response(204)
    @blueprint.doc(operationId="keepDraftOfAgent", **_BEARER)
    def put(self, body: dict[str, Any]) -> None:
        """Keep what the agent has typed, for a new session of theirs; "" ends it"""
        deps = dependencies()
        sessions.set_draft(deps.database, g.agent_session, body["draft"] or None, deps.now())


@blueprint.route("/skills")
class Skills(MethodView):
    @blueprint.response(200, SkillsSchema)
    @blueprint.doc(operationId="listSkills", **_BEARER)
    def get(self) -> Response:
        """The skills, each with its zone and the queues whose calls are of it"""
        snapshot = dependencies().config_cache.current()
        skills = sorted(snapshot.skill_by_id.values(), key=lambda skill: skill.name.casefold())
        found = []
        for skill in skills:
            campaign = snapshot.campaign_by_id.get(skill.default_campaign_id or 0)
            zone = snapshot.zone_of(snapshot.pool_of(skill, campaign))
            names = queues.queues_of_skill(gadget().queues, skill)
            found.append({"name": skill.name, "timeZone": zone.key, "queues": names})
        return json_response({"skills": found})


def _log_in(agent_id: str, credentials: Credentials) -> FinesseUser:
    """Raises `unauthorized`, `rate_limited`, `finesse_unavailable`, Unavailable."""
    deps, address = dependencies(), request.remote_addr or "-"
    try:
        had_wrong_ones = login_failures.require_allowed(deps.database, agent_id, address, deps.now())
    except DomainError as refusal:
        if refusal.code is Code.RATE_LIMITED:
            record(Kind.LOGIN_REFUSED, resource="agent_sessions", limit="wrong logins")
        raise
    try:
        user = read_user(gadget().finesse, agent_id, credentials)
    except CredentialsRefused:
        locks = login_failures.count(deps.database, agent_id, address, deps.now())
        record(Kind.LOGIN_LOCKED if locks else Kind.LOGIN_FAILED, resource="agent_sessions")
        raise DomainError(Code.UNAUTHORIZED, _REFUSED) from None
    if had_wrong_ones:
        login_failures.forgive(deps.database, agent_id, address)
    return user


def _dialog(dialog_id: str, credentials: Credentials) -> Dialog:
    """Raises `unknown_call`, `unauthorized` (and ends the session), `finesse_unavailable`."""
    session = g.agent_session
    try:
        return read_dialog(gadget().finesse, session.agent_id, dialog_id, credentials)
    except NotThere:
        raise DomainError(Code.UNKNOWN_CALL, "Finesse knows no such call of this agent.") from None
    except CredentialsRefused:
        sessions.end(dependencies().database, session)
        record(Kind.LOGIN_FAILED, resource="agent_sessions")
        raise DomainError(Code.UNAUTHORIZED, _REFUSED) from None


def _callback_of(dialog: Dialog) -> CallbackView | None:
    """The callback that the dialer's call was made for, if it is one of ours that still has its number."""
    account_number = dialog.variables.get(ACCOUNT_VARIABLE)
    if not account_number:
        return None
    deps = dependencies()
    try:
        callback = find_by_account_number(deps.database, deps.config_cache, account_number)
    except DomainError as refusal:
        if refusal.code is not Code.UNKNOWN_CALLBACK:
            raise
        return None
    return None if callback.phone == REMOVED else callback


def _call_body(dialog: Dialog, line: Line, callback: CallbackView | None, skill: str | None) -> dict[str, Any]:
    return {
        "dialogId": dialog.id,
        "phone": line.phone or "",
        "phoneProblem": line.problem,
        "accountNumber": callback.account_number if callback else None,
        "queue": dialog.queue,
        "skill": skill,
        "callback": {**callback_body(callback), "history": _history(callback)} if callback else None,
    }


def _history(callback: CallbackView) -> list[dict[str, Any]]:
    events = read_events(dependencies().database, callback.account_number)
    return [
        {
            "at": event.at.astimezone(callback.zone).isoformat(),
            "from": event.from_status,
            "to": event.to_status,
            "reason": event.why,
        }
        for event in events
    ]


off = Blueprint("gadget_off", __name__, url_prefix=PREFIX)
off.auth = "none"


@off.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE"])
@off.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def refuse(path: str) -> None:
    """While the gadget is off."""
    raise DomainError(Code.GADGET_DISABLED, "The Finesse gadget is switched off.")
