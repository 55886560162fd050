"""API clients: the IVR, the gadget and operators' scripts, each with a key that is shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Connection, select
from sqlalchemy import update as update_of

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema
from services.admin_api.framework.paging import ListQuery, NamedQuery, Page, PageSchema, named_page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import CurrentUser, current_user
from services.admin_api.identity.roles import Role
from shared.callbacks.config_cache import bump_version
from shared.db.audit import write_audit as audit
from shared.db.models import ApiClient, Callback, CallbackRequest
from shared.db.session import Database, retried
from shared.errors import Code
from shared.scopes import SCOPES
from shared.web.auth import key_hash
from shared.web.dependencies import dependencies
from shared.web.schemas import Length, NameText

RESOURCE = "API client"
_AUDITED_COLUMNS = ("name", "scopes", "enabled", "rate_per_second")
blueprint = require_session(
    AdminBlueprint("api-clients", __name__, url_prefix="/admin/api/v1/api-clients", description=__doc__)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClientChanges:
    """What a person may set of an API client; `rate_per_second` None: the default of its scopes."""

    name: str
    scopes: Sequence[str]
    rate_per_second: int | None
    enabled: bool


class ApiClientWriteSchema(DataclassSchema):
    loads = ApiClientChanges

    name = NameText(required=True, validate=Length(1, 64))
    scopes = fields.List(fields.String(validate=validate.OneOf(SCOPES)), required=True, validate=Length(1, len(SCOPES)))
    enabled = fields.Boolean(required=True)
    rate_per_second = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "null: the default of its scope"},
    )


class ApiClientSchema(EditedSchema):
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    enabled = fields.Boolean(required=True)
    rate_per_second = fields.Integer(required=True, allow_none=True)
    key_hint = fields.String(required=True, metadata={"description": "The key's last characters"})


class ApiClientWithKeySchema(ApiClientSchema):
    key = fields.String(required=True, metadata={"description": "Shown this once; only its hash is kept"})


class ApiClientPageSchema(PageSchema):
    items = fields.List(fields.Nested(ApiClientSchema), required=True)


@blueprint.route("")
class ApiClients(MethodView):
    @blueprint.arguments(NamedQuery, location="query")
    @blueprint.response(200, ApiClientPageSchema)
    @blueprint.operation("listApiClients", Role.ADMINISTRATOR)
    def get(self, query: ListQuery) -> Page:
        """List API clients"""
        return _page(dependencies().database, query)

    @blueprint.arguments(ApiClientWriteSchema, location="json")
    @blueprint.response(201, ApiClientWithKeySchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createApiClient", Role.ADMINISTRATOR)
    def post(self, changes: ApiClientChanges) -> Response:
        """Create an API client; the answer holds its key"""
        key = new_key(changes.scopes[0])
        deps = dependencies()
        row = _create(deps.database, changes, key, current_user(), deps.now())
        return optimistic_locking.json_with_etag(ApiClientSchema(), row, 201, key=key)


@blueprint.route("/<key:id>")
class ApiClientOne(MethodView):
    @blueprint.response(200, ApiClientSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getApiClient", Role.ADMINISTRATOR)
    def get(self, id: int) -> Response:
        """Show an API client"""
        row = _one(dependencies().database, id)
        return optimistic_locking.json_with_etag(ApiClientSchema(), row)

    @blueprint.arguments(ApiClientWriteSchema, location="json")
    @blueprint.response(200, ApiClientSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateApiClient", Role.ADMINISTRATOR, conditional=True)
    def put(self, changes: ApiClientChanges, id: int) -> Response:
        """Change an API client; its key stays"""
        deps = dependencies()
        row = _update(deps.database, id, changes, current_user(), deps.now())
        return optimistic_locking.json_with_etag(ApiClientSchema(), row)

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteApiClient", Role.ADMINISTRATOR, conditional=True)
    def delete(self, id: int) -> None:
        """Delete an API client that never booked; others can be disabled"""
        deps = dependencies()
        _delete(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/key")
class ApiClientKey(MethodView):
    @blueprint.response(200, ApiClientWithKeySchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("replaceApiClientKey", Role.ADMINISTRATOR)
    def post(self, id: int) -> Response:
        """Give an API client a new key; the old one is refused within a second"""
        deps = dependencies()
        key = new_key(_one(deps.database, id).scopes[0])
        row = _replace_key(deps.database, id, key, current_user(), deps.now())
        return optimistic_locking.json_with_etag(ApiClientSchema(), row, key=key)


def new_key(scope: str) -> str:
    """A new key: its scope, so that a person recognises it, and 256 random bits."""
    return f"cm_{scope}_{secrets.token_urlsafe(32)}"


def _kept(key: str) -> dict[str, str]:
    return {"key_hash": key_hash(key), "key_hint": key[-4:]}


@retried
def _page(database: Database, query: ListQuery) -> Page:
    with database.reading() as connection:
        return named_page(connection, select(*ApiClient.__table__.columns), query, ApiClient)


@retried
def _one(database: Database, key: int) -> Any:
    with database.reading() as connection:
        return optimistic_locking.read_row(connection, ApiClient, key, RESOURCE)


@retried
def _create(database: Database, changes: ApiClientChanges, key: str, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        made = optimistic_locking.insert_row(tx, ApiClient, {**asdict(changes), **_kept(key)}, by=by, now=now)
        audit(tx, by, "create", "api-clients", made, now=now, label=changes.name, after=asdict(changes))
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, made, RESOURCE)
        tx.commit()
    return row


@retried
def _update(database: Database, key: int, changes: ApiClientChanges, by: CurrentUser, now: datetime) -> Any:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        before = optimistic_locking.read_for_update(tx, ApiClient, key, RESOURCE)
        optimistic_locking.update_row(tx, ApiClient, before, asdict(changes), by=by, now=now)
        audit(tx, by, "update", "api-clients", key, now=now, label=changes.name,
              before={name: before._mapping[name] for name in _AUDITED_COLUMNS}, after=asdict(changes))  # fmt: skip
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        tx.commit()
    return row


@retried
def _replace_key(database: Database, key: int, new: str, by: CurrentUser, now: datetime) -> Any:
    with database.writing() as tx:
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        tx.execute(update_of(ApiClient).where(ApiClient.id == key).values(**_kept(new)))
        audit(tx, by, "replace_key", "api-clients", key, now=now, label=row.name)
        bump_version(tx)
        row = optimistic_locking.read_row(tx, ApiClient, key, RESOURCE)
        tx.commit()
    return row


@retried
def _delete(database: Database, key: int, by: CurrentUser, now: datetime) -> None:
    with optimistic_locking.integrity_errors_as_problems(RESOURCE), database.writing() as tx:
        row = optimistic_locking.read_for_update(tx, ApiClient, key, RESOURCE)
        optimistic_locking.require_unused(RESOURCE, _referenced_by(tx, key))
        optimistic_locking.delete_row(tx, ApiClient, row)
        audit(tx, by, "delete", "api-clients", key, now=now, label=row.name,
              before={name: row._mapping[name] for name in _AUDITED_COLUMNS})  # fmt: skip
        bump_version(tx)
        tx.commit()


def _referenced_by(tx: Connection, key: int) -> list[str]:
    references = (
        (select(Callback.account_number).where(Callback.api_client_id == key), "callbacks it booked"),
        (select(CallbackRequest.id).where(CallbackRequest.api_client_id == key), "requests it made"),
    )
    return [what for statement, what in references if tx.execute(statement.limit(1)).first() is not None]
