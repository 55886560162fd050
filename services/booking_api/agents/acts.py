"""Acts of agents stand in the audit log: agents are persons. What API clients do stands in the timeline alone."""

from collections.abc import Callable

from flask import g, request
from sqlalchemy import Connection

from shared.db import skill_links
from shared.db.audit import AuditFields, Author, write_audit
from shared.db.models import Callback
from shared.web.dependencies import dependencies


def audited(action: str, after: AuditFields | None = None) -> Callable[[Connection, str], None] | None:
    """What writes the row of this request's act on a callback, in its transaction; None for an API client."""
    if g.caller.agent_id is None:
        return None
    by, now = Author(g.caller.who, request.remote_addr, g.get("request_id")), dependencies().now()

    def write(tx: Connection, account_number: str) -> None:
        skills = skill_links.skills_of(tx, Callback, account_number)
        write_audit(tx, by, action, "callbacks", account_number, now=now, after=after, skills=skills)

    return write
