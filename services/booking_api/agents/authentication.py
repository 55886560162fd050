"""Who calls with a session token: agents, on the routes that are open to them too."""

from flask import current_app, g

from services.booking_api.agents import sessions
from shared.callbacks.booking_request import ApiCaller
from shared.web.auth import B, secured
from shared.web.dependencies import dependencies


def open_to_agents(blueprint: B) -> B:
    """Let API keys with the scope `ivr` and agents call a blueprint, each within its rate."""
    return secured(blueprint, "ivr", session=agent_of)


def agent_of(token: str) -> ApiCaller | None:
    """The agent of a bearer token, within their rate; None for what is no such token, or while the gadget is off.

    Raises `unauthorized`, `rate_limited`, Unavailable.
    """
    if not token.startswith(sessions.PREFIX) or current_app.config["GADGET"] is None:
        return None
    deps = dependencies()
    session = sessions.current(deps.database, token, deps.now())
    g.agent_session, g.caller = session, session.caller
    rate = deps.config_cache.current().settings.gadget_requests_per_second
    deps.rate_limits.check_agent(session.agent_id, rate)
    return session.caller
