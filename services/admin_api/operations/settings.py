"""Settings: the business settings with their ranges and help, from their one table (shared/callbacks/settings.py)."""

from dataclasses import Field, dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Connection, select

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import Instant
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.operations.setting_validation import validated
from shared.callbacks.config_cache import bump_version
from shared.callbacks.settings import GADGET_SETTINGS, KINDS, RETENTION_PAIR, BusinessSettings, contradiction, described
from shared.callbacks.stored_settings import write_setting
from shared.db.audit import write_audit as audit
from shared.db.models import Setting
from shared.db.session import Database, retried
from shared.errors import Code, DomainError, InvalidInput
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema

blueprint = require_session(
    AdminBlueprint("settings", __name__, url_prefix="/admin/api/v1/settings", description=__doc__)
)


class SettingSchema(ApiSchema):
    """`value` is in force; `isDefault` where nothing else was chosen. `version` is its ETag."""

    name = fields.String(required=True)
    value = fields.Raw(required=True)
    default = fields.Raw(required=True)
    is_default = fields.Boolean(required=True)
    group = fields.String(required=True)
    label = fields.String(required=True)
    help = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    unit = fields.String(required=True, allow_none=True)
    minimum = fields.Integer(required=True, allow_none=True)
    maximum = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)
    changed_at = Instant(required=True, allow_none=True)
    changed_by = fields.String(required=True, allow_none=True)


class SettingsSchema(ApiSchema):
    items = fields.List(fields.Nested(SettingSchema), required=True)
    total = fields.Integer(required=True)


class SettingWriteSchema(ApiSchema):
    value = fields.Raw(
        required=True, allow_none=True, metadata={"description": "Of the setting's kind, within its range"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A SettingSchema."""

    name: str
    value: Any
    default: Any
    group: str
    label: str
    help: str
    kind: str
    unit: str | None
    minimum: int | None
    maximum: int | None
    version: int
    changed_at: datetime | None
    changed_by: str | None

    @property
    def is_default(self) -> bool:
        """Whether nothing else was chosen."""
        return bool(self.value == self.default)


@blueprint.route("")
class Settings(MethodView):
    @blueprint.response(200, SettingsSchema)
    @blueprint.operation("listSettings", Role.VIEWER, Scoped.COMMON)
    def get(self) -> dict[str, Any]:
        """List all settings"""
        items = _all(dependencies().database)
        return {"items": items, "total": len(items)}


@blueprint.route("/<string:name>")
class SettingOne(MethodView):
    @blueprint.response(200, SettingSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getSetting", Role.VIEWER, Scoped.COMMON)
    def get(self, name: str) -> Response:
        """Show a setting"""
        return _answer(dependencies().database, name)

    @blueprint.arguments(SettingWriteSchema, location="json")
    @blueprint.response(200, SettingSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("updateSetting", Role.SUPERVISOR, conditional=True)
    def put(self, body: dict[str, Any], name: str) -> Response:
        """Change a setting"""
        deps = dependencies()
        _described(name)
        value = validated(name, body["value"])
        _write(deps.database, name, value, current_user(), deps.now(), reset=False)
        return _answer(deps.database, name)

    @blueprint.response(200, SettingSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("resetSetting", Role.SUPERVISOR, conditional=True)
    def delete(self, name: str) -> Response:
        """Go back to the default"""
        deps = dependencies()
        _described(name)
        _write(deps.database, name, None, current_user(), deps.now(), reset=True)
        return _answer(deps.database, name)


def _described(name: str) -> None:
    if name not in _shown():
        raise optimistic_locking.not_found("setting")


def _shown() -> dict[str, Field[Any]]:
    """The settings that there are here: none of a part that is switched off."""
    hidden = frozenset() if current_app.config["GADGET"] else GADGET_SETTINGS
    return {name: field for name, field in described().items() if name not in hidden}


def _answer(database: Database, name: str) -> Response:
    _described(name)
    setting = next(setting for setting in _all(database) if setting.name == name)
    return optimistic_locking.json_with_etag(SettingSchema(), setting)


@retried
def _all(database: Database) -> list[SettingView]:
    with database.reading() as connection:
        rows = {row.name: row for row in connection.execute(select(*Setting.__table__.columns))}
    return [_to_response(name, field, rows.get(name)) for name, field in _shown().items()]


def _to_response(name: str, field: Field[Any], row: Any) -> SettingView:
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return SettingView(
        **field.metadata,
        name=name,
        default=default,
        value=default if row is None else row.value,
        version=row.version if row else 0,
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
    )


@retried
def _write(database: Database, name: str, value: Any, by: CurrentUser, now: datetime, *, reset: bool) -> None:
    """Store a value, or go back to the default: the row stays then, so that its version goes on."""
    with optimistic_locking.integrity_errors_as_problems("setting"), database.writing() as tx:
        bump_version(tx)  # first: of two who change two settings at once, the second one sees what the first did
        row = tx.execute(select(*Setting.__table__.columns).where(Setting.name == name)).one_or_none()
        before = _to_response(name, described()[name], row)
        _check_version(row)
        write_setting(tx, name, before.default if reset else value, by=by, now=now)
        _check_together(tx, name)
        audit(tx, by, "reset" if reset else "update", "settings", name, now=now, label=before.label,
              before={"value": before.value}, after={"value": before.default if reset else value})  # fmt: skip
        tx.commit()


def _check_together(tx: Connection, name: str) -> None:
    """Raises a validation error when the settings, as they are in this transaction, can't stand together."""
    if name not in RETENTION_PAIR:
        return
    values = {row.name: row.value for row in tx.execute(select(Setting.name, Setting.value))}
    message = contradiction(BusinessSettings.from_rows(values))
    if message:
        raise InvalidInput({"value": [message]})


def _check_version(row: Any) -> None:
    """As for every edited row; a setting that was never changed is in version 0."""
    if row is not None:
        optimistic_locking.check_version(row)
    elif not optimistic_locking.if_match(0):
        raise DomainError(Code.STALE_VERSION, "It was never changed. Read it again.", currentVersion=0)
