"""Security events of requests: what of a request they tell, and which refusals are some."""

from typing import Any

from flask import g, request

from shared.errors import Code
from shared.web.dependencies import base_dependencies
from shared.web.event_limits import Kind
from shared.web.security_log import STRANGER, SecurityEvent

_REFUSALS = {
    Code.FORBIDDEN: Kind.FORBIDDEN,
    Code.GADGET_DISABLED: Kind.FORBIDDEN,
    Code.PASSWORD_CHANGE_REQUIRED: Kind.FORBIDDEN,
    Code.MFA_SETUP_REQUIRED: Kind.FORBIDDEN,
    Code.CSRF_FAILED: Kind.CSRF_FAILED,
}


def record(kind: Kind, *, who: str | None = None, resource: str | None = None, **details: Any) -> None:
    """Record an event of this request. `who`: whom it is about while nobody is logged in."""
    caller: Any = g.get("caller")
    rule = request.url_rule
    event = SecurityEvent(
        kind,
        caller.who if caller else who or STRANGER,
        request.remote_addr or "-",
        (resource or request.blueprint or "-")[:32],
        f"{request.method[:8]} {rule.rule if rule else '-'}",  # the route, never the path: that may hold anything
        g.get("request_id"),
        details,
        known=caller is not None,
    )
    base_dependencies().security_log.record(event)


def record_refusal(code: Code) -> None:
    """Record a refusal if it is a security event: a 403, a failed CSRF check. Wrong API keys are recorded where they
    are found (auth.py)."""
    kind = _REFUSALS.get(code)
    if kind is not None:
        record(kind, code=str(code))
