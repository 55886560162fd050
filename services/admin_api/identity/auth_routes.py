"""Login, logout, who am I, and a new password."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Row, select, update

from services.admin_api.identity import login, mfa, passwords, sessions
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.directory import ldap_login
from services.admin_api.identity.directory.dependencies import directories
from services.admin_api.identity.password_attempts import WRONG, password_attempt, with_device
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped, sees_all_skills
from services.admin_api.identity.source import Source
from shared.db.audit import write_audit as audit
from shared.db.models import PortalSession, PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput
from shared.web.auth import public
from shared.web.dependencies import dependencies
from shared.web.event_limits import Kind
from shared.web.schemas import ApiSchema, FreeText, Length
from shared.web.security_events import record

PREFIX = "/admin/api/v1/auth"

login_blueprint = public(AdminBlueprint("login", __name__, url_prefix=PREFIX, description="Login"))
blueprint = require_session(AdminBlueprint("auth", __name__, url_prefix=PREFIX, description="The person logged in"))


class LoginSchema(ApiSchema):
    name = FreeText(required=True, validate=Length(1, 64))
    password = FreeText(required=True, validate=Length(1, 1024))
    code = FreeText(
        load_default=None,
        allow_none=True,
        validate=Length(1, 64),
        metadata={"description": "Of the authenticator, or a recovery code, where there is a second factor"},
    )
    source = fields.String(
        load_default=str(Source.LOCAL),
        validate=validate.OneOf([str(Source.LOCAL), str(Source.LDAP)]),
        metadata={"description": "Who shall check the password: the portal, or the directory if there is one"},
    )


class MeSchema(ApiSchema):
    """The person logged in, and the token that writes need in X-CSRF-Token."""

    name = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(list(Role)))
    source = fields.String(
        required=True,
        validate=validate.OneOf(list(Source)),
        metadata={"description": "Who knows the password: `local` is the portal itself, which alone can change it"},
    )
    must_change = fields.Boolean(required=True, metadata={"description": "A new password must be chosen first"})
    must_set_up_mfa = fields.Boolean(
        required=True, metadata={"description": "The role must have a second factor, and there is none yet"}
    )
    all_skills = fields.Boolean(required=True, metadata={"description": "False: sees what belongs to some skills only"})
    sees_phones = fields.Boolean(required=True, metadata={"description": "False: phone numbers are masked"})
    may_export = fields.Boolean(required=True, metadata={"description": "May take lists away as files"})
    csrf_token = fields.String(required=True)


class PasswordSchema(ApiSchema):
    current_password = FreeText(required=True, validate=Length(1, 1024))
    new_password = FreeText(
        required=True,
        validate=Length(1, 1024),
        metadata={
            "description": f"At least {passwords.MIN_LENGTH} characters, without the user name, none of the commonest"
        },
    )


@login_blueprint.route("/login")
class Login(MethodView):
    @login_blueprint.arguments(LoginSchema, location="json")
    @login_blueprint.response(200, MeSchema)
    @login_blueprint.refuses(
        Code.INVALID_CREDENTIALS,
        Code.MFA_REQUIRED,
        Code.LOGIN_REFUSED,
        Code.CSRF_FAILED,
        Code.RATE_LIMITED,
        Code.SERVICE_UNAVAILABLE,
    )
    @login_blueprint.operation("login", None)
    def post(self, body: dict[str, Any]) -> Response:
        """Log in; the answer sets the session's cookie"""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise DomainError(Code.CSRF_FAILED, "A login must come from the portal itself.")
        with password_attempt(body["name"]) as attempt:
            user, token = _log_in(body, client(), locked=attempt.locked)
        scope = Scope(None if sees_all_skills(user) else frozenset(), user.sees_phones, user.may_export)
        missing = mfa.must_set_up(user, dependencies().config_cache.current().settings)
        me = CurrentUser(user.id, user.name, user.display_name, Role(user.role), user.must_change,
                         source=Source(user.source), scope=scope, must_set_up_mfa=missing)  # fmt: skip
        return with_device(_with_cookie(_me(me, token), token), attempt, user.id)


@blueprint.route("/logout")
class Logout(MethodView):
    @blueprint.response(204)
    @blueprint.operation("logout", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self) -> Response:
        """End this session, on every node"""
        deps = dependencies()
        hashed = sessions.token_hash(sessions.request_token())
        _log_out(deps.database, hashed, current_user(), deps.now())
        response = Response(status=204)
        sessions.delete_cookies(response)
        return response


@blueprint.route("/me")
class Me(MethodView):
    @blueprint.response(200, MeSchema)
    @blueprint.operation("getMe", Role.VIEWER, Scoped.COMMON, any_password=True)
    def get(self) -> Response:
        """The person of this session"""
        return _me(current_user(), sessions.request_token())


@blueprint.route("/password")
class Password(MethodView):
    @blueprint.arguments(PasswordSchema, location="json")
    @blueprint.response(200, MeSchema)
    @blueprint.refuses(Code.INVALID_CREDENTIALS, Code.RATE_LIMITED)
    @blueprint.operation("changePassword", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self, body: dict[str, Any]) -> Response:
        """Choose a new password; every session of this person ends, and this one goes on as a new one"""
        user, new = current_user(), body["new_password"]
        if user.source != Source.LOCAL:
            raise InvalidInput({"currentPassword": ["Your password is kept by your directory: change it there."]})
        weak = passwords.policy_violations(new, user.name)
        if passwords.same(new, body["current_password"]):
            weak.append("Must be another one than now.")
        if weak:
            raise InvalidInput({"newPassword": weak})
        database = dependencies().database
        with password_attempt(user.name) as attempt:
            generation = _generation(database, user.id, body["current_password"], locked=attempt.locked)
        token = _change_password(database, user, generation, passwords.hash_password(new))
        me = replace(user, must_change=False)
        return with_device(_with_cookie(_me(me, token), token), attempt, user.id)


def _log_in(body: dict[str, Any], client: str, *, locked: bool) -> tuple[Row[*tuple[Any, ...]], str]:
    deps = dependencies()
    database, settings, now = deps.database, deps.config_cache.current().settings, deps.now()
    name, password = body["name"], body["password"]
    if body["source"] == Source.LOCAL:
        return login.log_in(database, settings, name, password, body["code"], locked=locked, now=now, client=client)
    ldap = directories().ldap
    if ldap is None:
        raise InvalidInput({"source": ["No LDAP directory is set up here."]})
    if locked:  # a directory that is not asked does not lock the person there
        raise DomainError(Code.INVALID_CREDENTIALS, WRONG)
    return ldap_login.log_in(ldap, database, settings, name, password, now=now, client=client)


@retried
def _log_out(database: Database, hashed: str, user: CurrentUser, now: datetime) -> None:
    with database.writing() as tx:
        sessions.delete_sessions(tx, PortalSession.token_hash == hashed)
        audit(tx, user, "logout", "sessions", now=now)
        tx.commit()


@retried
def _generation(database: Database, user_id: int, current: str, *, locked: bool) -> int:
    """The generation of the sessions that `current` may end. Raises `invalid_credentials`."""
    with database.reading() as connection:
        user = connection.execute(
            select(PortalUser.password_hash, PortalUser.session_generation).where(PortalUser.id == user_id)
        ).one()
    if not locked and not passwords.verify(user.password_hash, current):
        record(Kind.LOGIN_FAILED, source=str(Source.LOCAL))
        locked = True
    if locked:
        raise DomainError(Code.INVALID_CREDENTIALS, "The current password is wrong, or was too often.")
    return int(user.session_generation)


@retried
def _change_password(database: Database, user: CurrentUser, generation: int, hashed: str) -> str:
    """Set a new password and end all sessions of the user; the token of a new one."""
    deps = dependencies()
    now, settings = deps.now(), deps.config_cache.current().settings
    with database.writing() as tx:
        changed = tx.execute(
            update(PortalUser)
            .where(PortalUser.id == user.id, PortalUser.session_generation == generation)
            .values(
                password_hash=hashed,
                must_change=False,
                password_changed_at=now,
                session_generation=generation + 1,
            )
        )
        if changed.rowcount != 1:
            raise DomainError(Code.INVALID_CREDENTIALS, "The password was changed just now.")
        sessions.delete_sessions(tx, PortalSession.user_id == user.id)
        row = tx.execute(select(*PortalUser.__table__.columns).where(PortalUser.id == user.id)).one()
        token = sessions.create_session(tx, row, settings, now=now, client=client())
        audit(tx, user, "change_password", "users", user.id, now=now, label=user.name)
        tx.commit()
    return token


def client() -> str:
    """Where a session is opened from, for its owner to recognise."""
    return f"{request.remote_addr or '-'} {request.user_agent.string}"


def _me(me: CurrentUser, token: str) -> Response:
    return jsonify(
        name=me.name,
        displayName=me.display_name,
        role=me.role,
        source=me.source,
        mustChange=me.must_change,
        mustSetUpMfa=me.must_set_up_mfa,
        allSkills=not me.scope.is_limited,
        seesPhones=me.scope.sees_phones,
        mayExport=me.scope.may_export,
        csrfToken=sessions.csrf_token(token),
    )


def _with_cookie(response: Response, token: str) -> Response:
    sessions.set_cookie(response, token)
    return response
