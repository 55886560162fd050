"""API clients: the IVR and operators' scripts, each with a key that is shown once."""

from functools import partial
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import fields, validate

from services.admin_api.framework import optimistic_locking
from services.admin_api.framework.fields import DataclassSchema, EditedSchema, Instant
from services.admin_api.framework.paging import ListQuery, NamedQuery, Page, PageSchema
from services.admin_api.identity import api_clients
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from shared.errors import Code, InvalidInput
from shared.scopes import SCOPES
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, Length, NameText

blueprint = require_session(
    AdminBlueprint("api-clients", __name__, url_prefix="/admin/api/v1/api-clients", description=__doc__)
)


class ApiClientWriteSchema(DataclassSchema):
    loads = api_clients.ApiClientChanges

    name = NameText(required=True, validate=Length(1, 64))
    scopes = fields.List(fields.String(validate=validate.OneOf(SCOPES)), required=True, validate=Length(1, len(SCOPES)))
    enabled = fields.Boolean(required=True)
    rate_per_second = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "null: the settings' rate of its scope"},
    )
    always_200 = fields.Boolean(
        load_default=False,
        metadata={
            "description": "The flat calls for voice answer refusals as 200 with `result`, where a request does not say"
        },
    )


class KeyReplacementSchema(ApiSchema):
    old_key_ends_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={"description": "Until then the present key works as well; null: it ends now. One before it ends now"},
    )


class PreviousKeySchema(ApiSchema):
    key_hint = fields.String(required=True, metadata={"description": "The key's last characters"})
    ends_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True, metadata={"description": "To a minute"})


class ApiClientSchema(EditedSchema):
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    enabled = fields.Boolean(required=True)
    rate_per_second = fields.Integer(required=True, allow_none=True)
    always_200 = fields.Boolean(required=True)
    key_hint = fields.String(required=True, metadata={"description": "The key's last characters"})
    last_used_at = Instant(
        required=True, allow_none=True, metadata={"description": "When the key was last used, to a minute"}
    )
    previous_key = fields.Nested(
        PreviousKeySchema,
        required=True,
        allow_none=True,
        metadata={"description": "The key before, while it works beside this one"},
    )


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
        deps = dependencies()
        return api_clients.list_page(deps.database, query).map(partial(api_clients.view_of, deps.now()))

    @blueprint.arguments(ApiClientWriteSchema, location="json")
    @blueprint.response(201, ApiClientWithKeySchema)
    @blueprint.refuses(Code.ALREADY_EXISTS)
    @blueprint.operation("createApiClient", Role.ADMINISTRATOR)
    def post(self, changes: api_clients.ApiClientChanges) -> Response:
        """Create an API client; the answer holds its key"""
        key = api_clients.new_key(changes.scopes[0])
        deps = dependencies()
        now = deps.now()
        row = api_clients.create(deps.database, changes, key, current_user(), now)
        return optimistic_locking.json_with_etag(ApiClientSchema(), api_clients.view_of(now, row), 201, key=key)


@blueprint.route("/<key:id>")
class ApiClientOne(MethodView):
    @blueprint.response(200, ApiClientSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getApiClient", Role.ADMINISTRATOR)
    def get(self, id: int) -> Response:
        """Show an API client"""
        deps = dependencies()
        return optimistic_locking.json_with_etag(
            ApiClientSchema(), api_clients.view_of(deps.now(), api_clients.read_one(deps.database, id))
        )

    @blueprint.arguments(ApiClientWriteSchema, location="json")
    @blueprint.response(200, ApiClientSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.ALREADY_EXISTS)
    @blueprint.operation("updateApiClient", Role.ADMINISTRATOR, conditional=True)
    def put(self, changes: api_clients.ApiClientChanges, id: int) -> Response:
        """Change an API client; its key stays"""
        deps = dependencies()
        now = deps.now()
        row = api_clients.update(deps.database, id, changes, current_user(), now)
        return optimistic_locking.json_with_etag(ApiClientSchema(), api_clients.view_of(now, row))

    @blueprint.response(204)
    @blueprint.refuses(Code.NOT_FOUND, Code.IN_USE)
    @blueprint.operation("deleteApiClient", Role.ADMINISTRATOR, conditional=True)
    def delete(self, id: int) -> None:
        """Delete an API client that never booked; others can be disabled"""
        deps = dependencies()
        api_clients.delete(deps.database, id, current_user(), deps.now())


@blueprint.route("/<key:id>/key")
class ApiClientKey(MethodView):
    @blueprint.arguments(KeyReplacementSchema, location="json")
    @blueprint.response(200, ApiClientWithKeySchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("replaceApiClientKey", Role.ADMINISTRATOR)
    def post(self, body: dict[str, Any], id: int) -> Response:
        """Give an API client a new key; the old one works until `oldKeyEndsAt`, and is refused within a second then"""
        deps = dependencies()
        now, ends_at = deps.now(), body["old_key_ends_at"]
        if ends_at is not None and not now < ends_at <= now + api_clients.MAX_OVERLAP:
            raise InvalidInput({"oldKeyEndsAt": [f"Not in the next {api_clients.MAX_OVERLAP.days} days."]})
        key = api_clients.new_key(api_clients.read_one(deps.database, id).scopes[0])
        row = api_clients.replace_key(deps.database, id, key, ends_at, current_user(), now)
        return optimistic_locking.json_with_etag(ApiClientSchema(), api_clients.view_of(now, row), key=key)


@blueprint.route("/<key:id>/end-previous-key")
class ApiClientPreviousKey(MethodView):
    @blueprint.response(200, ApiClientSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("endPreviousApiClientKey", Role.ADMINISTRATOR)
    def post(self, id: int) -> Response:
        """End the key before the present one now; it is refused within a second"""
        deps = dependencies()
        now = deps.now()
        row = api_clients.end_previous_key(deps.database, id, current_user(), now)
        return optimistic_locking.json_with_etag(ApiClientSchema(), api_clients.view_of(now, row))
