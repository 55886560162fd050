"""The second factor of the person logged in: setting it up, recovery codes, switching it off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.views import MethodView
from marshmallow import fields
from sqlalchemy import Connection, select, update

from services.admin_api.identity import mfa, passwords
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.password_attempts import forgive, password_attempt
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.identity.source import Source
from shared.db.audit import write_audit as audit
from shared.db.models import PortalUser
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.event_limits import Kind
from shared.web.schemas import ApiSchema, FreeText, Length
from shared.web.security_events import record

blueprint = require_session(AdminBlueprint("mfa", __name__, url_prefix="/admin/api/v1/auth/mfa", description=__doc__))

_WRONG_PASSWORD = "The current password is wrong, or was too often."  # noqa: S105


@dataclass(frozen=True, slots=True)
class MfaState:
    """An MfaStateSchema."""

    enabled: bool
    required: bool
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An EnrolmentSchema."""

    secret: str
    uri: str
    qr_code: str


class MfaStateSchema(ApiSchema):
    enabled = fields.Boolean(required=True)
    required = fields.Boolean(required=True, metadata={"description": "The person's role must have it (a setting)"})
    recovery_codes_left = fields.Integer(required=True)


class EnrolmentSchema(ApiSchema):
    """What an authenticator needs. It counts once a code of it was sent."""

    secret = fields.String(required=True, metadata={"description": "For typing"})
    uri = fields.String(required=True, metadata={"description": "What the QR code says"})
    qr_code = fields.String(required=True, metadata={"description": "An SVG as a data: address"})


class RecoveryCodesSchema(ApiSchema):
    recovery_codes = fields.List(
        fields.String(), required=True, metadata={"description": "Shown this once; each lets in once"}
    )


class CurrentPasswordSchema(ApiSchema):
    current_password = FreeText(required=True, validate=Length(1, 1024))


class CodeSchema(ApiSchema):
    code = FreeText(required=True, validate=Length(1, 64))


@blueprint.route("")
class Mfa(MethodView):
    @blueprint.response(200, MfaStateSchema)
    @blueprint.operation("getMfa", Role.VIEWER, Scoped.COMMON, any_password=True)
    def get(self) -> MfaState:
        """Whether the person has a second factor"""
        return _state(dependencies().database, current_user().id, required=_is_required())


@blueprint.route("/enrolment")
class MfaEnrolment(MethodView):
    @blueprint.arguments(CurrentPasswordSchema, location="json")
    @blueprint.response(200, EnrolmentSchema)
    @blueprint.refuses(Code.INVALID_CREDENTIALS, Code.RATE_LIMITED)
    @blueprint.operation("beginMfaEnrolment", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self, body: dict[str, Any]) -> Enrolment:
        """A new secret for an authenticator; what there was counts until a code of the new one was sent"""
        secret = mfa.new_secret()
        _with_password(body["current_password"], lambda tx, user, now: _pend(tx, user, secret))
        uri = mfa.key_uri(secret, current_user().name)
        return Enrolment(secret, uri, mfa.qr_code(uri))


@blueprint.route("/confirmation")
class MfaConfirmation(MethodView):
    @blueprint.arguments(CodeSchema, location="json")
    @blueprint.response(200, RecoveryCodesSchema)
    @blueprint.refuses(Code.INVALID_CREDENTIALS)
    @blueprint.operation("confirmMfaEnrolment", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self, body: dict[str, Any]) -> dict[str, list[str]]:
        """Have the authenticator count from now on; the answer holds the recovery codes"""
        deps = dependencies()
        return {"recovery_codes": _confirm(deps.database, current_user(), body["code"], deps.now())}


@blueprint.route("/recovery-codes")
class MfaRecoveryCodes(MethodView):
    @blueprint.arguments(CurrentPasswordSchema, location="json")
    @blueprint.response(200, RecoveryCodesSchema)
    @blueprint.refuses(Code.INVALID_CREDENTIALS, Code.RATE_LIMITED)
    @blueprint.operation("replaceRecoveryCodes", Role.VIEWER, Scoped.COMMON, any_password=True)
    def post(self, body: dict[str, Any]) -> dict[str, list[str]]:
        """New recovery codes in place of those there are"""
        return {"recovery_codes": _with_password(body["current_password"], _replace_codes)}


@blueprint.route("/removal")
class MfaRemoval(MethodView):
    @blueprint.arguments(CurrentPasswordSchema, location="json")
    @blueprint.response(204)
    @blueprint.refuses(Code.INVALID_CREDENTIALS, Code.RATE_LIMITED)
    @blueprint.operation("removeMfa", Role.VIEWER, Scoped.COMMON)
    def post(self, body: dict[str, Any]) -> None:
        """Log in with the password alone from now on; 403 where the role must have a second factor"""
        if _is_required():
            raise DomainError(Code.FORBIDDEN, "Your role must have a second factor. Set up another one in its place.")
        _with_password(body["current_password"], _remove)


def _is_required() -> bool:
    user = current_user()
    return mfa.is_required(user.source, user.role, dependencies().config_cache.current().settings)


def _with_password(password: str, write: Callable[[Connection, CurrentUser, datetime], Any]) -> Any:
    """What `write` gives, in one transaction, if the current password is right. Raises `invalid_credentials`,
    `rate_limited`, a validation error for whose password a directory keeps."""
    deps, user = dependencies(), current_user()
    if user.source != Source.LOCAL:
        raise InvalidInput({"currentPassword": ["Your directory looks after your login, its second factor too."]})
    with password_attempt(user.name) as attempt:
        result = _write(deps.database, user, None if attempt.locked else password, write, deps.now())
    forgive(deps.database, attempt, deps.now())
    return result


@retried
def _write(
    database: Database,
    user: CurrentUser,
    password: str | None,
    write: Callable[[Connection, CurrentUser, datetime], Any],
    now: datetime,
) -> Any:
    if password is None:
        raise DomainError(Code.INVALID_CREDENTIALS, _WRONG_PASSWORD)
    with database.reading() as connection:
        stored = connection.execute(select(PortalUser.password_hash).where(PortalUser.id == user.id)).scalar_one()
    if not passwords.verify(stored, password):
        record(Kind.LOGIN_FAILED, source=str(Source.LOCAL))
        raise DomainError(Code.INVALID_CREDENTIALS, _WRONG_PASSWORD)
    with database.writing() as tx:
        result = write(tx, user, now)
        tx.commit()
    return result


def _pend(tx: Connection, user: CurrentUser, secret: str) -> None:
    tx.execute(update(PortalUser).where(PortalUser.id == user.id).values(totp_pending=secret))


def _replace_codes(tx: Connection, user: CurrentUser, now: datetime) -> list[str]:
    enabled = select(PortalUser.totp_secret).where(PortalUser.id == user.id)
    if tx.execute(enabled).scalar_one() is None:
        raise InvalidInput({"currentPassword": ["Set up your authenticator first."]})
    codes = mfa.new_recovery_codes(tx, user.id)
    audit(tx, user, "replace_recovery_codes", "users", user.id, now=now, label=user.name)
    return codes


def _remove(tx: Connection, user: CurrentUser, now: datetime) -> None:
    mfa.switch_off(tx, user.id)
    audit(tx, user, "remove_mfa", "users", user.id, now=now, label=user.name)


@retried
def _confirm(database: Database, user: CurrentUser, code: str, now: datetime) -> list[str]:
    with database.writing() as tx:
        secret = tx.execute(select(PortalUser.totp_pending).where(PortalUser.id == user.id)).scalar_one()
        step = mfa.step_of(secret, code, now) if secret is not None else None
        codes = mfa.switch_on(tx, user.id, secret, step) if secret is not None and step is not None else None
        if codes is None:
            raise InvalidInput({"code": ["This is no code of the authenticator that is to be set up. Try the next."]})
        audit(tx, user, "set_up_mfa", "users", user.id, now=now, label=user.name)
        tx.commit()
    return codes


@retried
def _state(database: Database, user_id: int, *, required: bool) -> MfaState:
    with database.reading() as connection:
        secret = connection.execute(select(PortalUser.totp_secret).where(PortalUser.id == user_id)).scalar_one()
        return MfaState(secret is not None, required, mfa.recovery_codes_left(connection, user_id))
