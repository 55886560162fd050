"""The sessions of the person logged in: where they are logged in, and logging out everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response
from flask.views import MethodView
from marshmallow import fields
from sqlalchemy import select

from services.admin_api.framework.fields import Instant
from services.admin_api.identity import auth_routes, devices, sessions
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from shared.db.audit import write_audit as audit
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema

blueprint = require_session(AdminBlueprint("sessions", __name__, url_prefix=auth_routes.PREFIX, description=__doc__))


@dataclass(frozen=True, slots=True)
class OwnSession:
    """`current`: the one that asks. `seen_at` is when it last did some work, to a minute."""

    current: bool
    address: str
    browser: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class OwnSessionSchema(ApiSchema):
    current = fields.Boolean(required=True, metadata={"description": "The session that asks"})
    address = fields.String(required=True)
    browser = fields.String(required=True, metadata={"description": "As the browser names itself"})
    created_at = Instant(required=True)
    seen_at = Instant(required=True, metadata={"description": "When it last did some work, to a minute"})
    expires_at = Instant(required=True)


class OwnSessionsSchema(ApiSchema):
    items = fields.List(fields.Nested(OwnSessionSchema), required=True)


@blueprint.route("/sessions")
class Sessions(MethodView):
    @blueprint.response(200, OwnSessionsSchema)
    @blueprint.operation("listOwnSessions", Role.VIEWER, Scoped.COMMON, any_password=True)
    def get(self) -> dict[str, list[OwnSession]]:
        """Where this person is logged in, the latest work first"""
        deps = dependencies()
        hours = deps.config_cache.current().settings.session_hours
        own = sessions.token_hash(sessions.request_token())
        return {"items": _list(deps.database, current_user().id, own, deps.now(), timedelta(hours=hours))}


@blueprint.route("/logout-everywhere")
class LogoutEverywhere(MethodView):
    @blueprint.response(204)
    @blueprint.operation("logoutEverywhere", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self) -> Response:
        """End every session of this person, this one too"""
        deps = dependencies()
        _log_out_everywhere(deps.database, current_user(), deps.now())
        response = Response(status=204)
        sessions.delete_cookies(response)
        return response


@retried
def _list(database: Database, user_id: int, own: str, now: datetime, longest: timedelta) -> list[OwnSession]:
    statement = (
        select(*PortalSession.__table__.columns)
        .join(PortalUser, PortalUser.id == PortalSession.user_id)
        .where(
            PortalSession.user_id == user_id,
            PortalSession.created_at > now - longest,
            *sessions.holds_at(now),
        )
        .order_by(PortalSession.seen_at.desc(), PortalSession.token_hash)
    )
    with database.reading() as connection:
        rows = connection.execute(statement).all()
    found = []
    for row in rows:
        address, _, browser = row.client.partition(" ")
        found.append(OwnSession(row.token_hash == own, address, browser, row.created_at, row.seen_at, row.expires_at))
    return found


@retried
def _log_out_everywhere(database: Database, user: CurrentUser, now: datetime) -> None:
    with database.writing() as tx:
        sessions.delete_sessions(tx, PortalSession.user_id == user.id)
        devices.forget(tx, user.id)
        audit(tx, user, "logout_everywhere", "sessions", now=now)
        tx.commit()
