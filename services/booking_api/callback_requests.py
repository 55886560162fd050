"""Callback requests: how an offer ended that led to no booking."""

from typing import Any

from flask import g
from flask.views import MethodView

from services.booking_api import idempotency_key
from services.booking_api.agents.authentication import open_to_agents
from services.booking_api.schemas import OfferSchema
from shared.callbacks.idempotency import RequestKey, columns_of, fingerprint, store_once
from shared.callbacks.request_log import request_values
from shared.callbacks.rules import require_skill
from shared.errors import Code
from shared.web.dependencies import dependencies
from shared.web.schemas import Blueprint

blueprint = open_to_agents(
    Blueprint("callback_requests", __name__, url_prefix="/api/v1/callback-requests", description="Ends of offers")
)


@blueprint.route("")
class CallbackRequests(MethodView):
    @Blueprint.refuses(Code.UNKNOWN_SKILL, Code.IDEMPOTENCY_KEY_REUSED)
    @blueprint.arguments(OfferSchema, location="json")
    @blueprint.response(204)
    @blueprint.doc(operationId="recordEndOfOffer", parameters=[idempotency_key.PARAMETER])
    def post(self, body: dict[str, Any]) -> None:
        """Tell that a caller declined or abandoned the offer of a callback"""
        record_end_of_offer(body)


def record_end_of_offer(end: dict[str, Any], request_id: str | None = None) -> None:
    """Record the end in a loaded OfferSchema; a repeat with the same key once. Raises `unknown_skill`,
    `idempotency_key_reused`, Unavailable."""
    deps = dependencies()
    key = idempotency_key.idempotency_key(request_id)
    config_cache = deps.config_cache
    config_cache.retry_if_stale(lambda snapshot: require_skill(snapshot, end["skill"]))
    names = config_cache.current().spelling(end["skill"], end["campaign"])
    request = RequestKey(g.caller.requester, key, fingerprint(end)) if key else None
    row = request_values(
        deps.now(),
        source=g.caller.source,
        api_client_id=g.caller.client_id,
        **columns_of(request, {}),
        **{**end, **names},
    )
    stored = store_once(deps.database, row, request)
    if stored is not None:
        stored.check()
