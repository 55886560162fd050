"""Erasures: everything personal of a number is removed; counts and reports stay. The number stands in bodies only."""

from collections.abc import Mapping
from contextlib import suppress

from flask.views import MethodView
from marshmallow import fields, validate

from services.admin_api.erasures import erasures
from services.admin_api.erasures.erasures import ErasureView
from services.admin_api.framework.fields import Instant, StringId
from services.admin_api.framework.paging import ListQuery, Page, PageQuery, PageSchema, sort_field
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from shared import deadline
from shared.callbacks import erasure
from shared.callbacks.rules import phone_to_search
from shared.callbacks.states import OPEN
from shared.errors import Code, DomainError, Unavailable
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, FreeText, Length

MIN_SECONDS = 3.0  # with less left of the request's time no further batch is begun: the master goes on

blueprint = require_session(
    AdminBlueprint("erasures", __name__, url_prefix="/admin/api/v1/erasures", description=__doc__)
)


class PersonSchema(ApiSchema):
    phone = FreeText(required=True, validate=Length(1, 64))


class ErasurePreviewSchema(ApiSchema):
    """What an erasure of the number would be about."""

    callbacks = fields.Integer(required=True, metadata={"description": "All that have the number"})
    scheduled = fields.Integer(required=True, metadata={"description": "Of these, those that it would cancel"})
    at_dialer = fields.Integer(
        required=True,
        metadata={"description": "Of these, those that UCCE has or may have: erased when they are closed"},
    )
    do_not_call = fields.Boolean(
        required=True, metadata={"description": "On the do-not-call list; the wish is kept as a keyed hash"}
    )


class LeftCallbackSchema(ApiSchema):
    account_number = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(sorted(OPEN)))
    skill = fields.String(required=True)
    campaign = fields.String(required=True)
    start = Instant(required=True)


class ErasureSchema(ApiSchema):
    """UCCE's own list of contacts, backups and files that were exported before are not in our hands."""

    id = StringId(required=True)
    requested_at = Instant(required=True)
    requested_by = fields.String(required=True)
    callbacks = fields.Integer(required=True, metadata={"description": "How many had the number"})
    row_count = fields.Integer(
        required=True, metadata={"description": "Rows of the database that have lost what was personal, so far"}
    )
    do_not_call = fields.Boolean(
        required=True, metadata={"description": "The number is still never called: its keyed hash is kept"}
    )
    finished_at = Instant(required=True, allow_none=True, metadata={"description": "null: something is left"})
    left = fields.Integer(
        required=True,
        metadata={"description": "Callbacks that could not be erased yet: UCCE has them. The master erases each when "
                  "it is closed, and calls none of them again"},
    )  # fmt: skip
    left_callbacks = fields.List(
        fields.Nested(LeftCallbackSchema), required=True, metadata={"description": f"At most {erasures.MAX_SHOWN}"}
    )


class ErasurePageSchema(PageSchema):
    items = fields.List(fields.Nested(ErasureSchema), required=True)


class ErasureQuery(PageQuery):
    sort = sort_field("requestedAt", default="-requestedAt")


@blueprint.route("")
class Erasures(MethodView):
    @blueprint.arguments(ErasureQuery, location="query")
    @blueprint.response(200, ErasurePageSchema)
    @blueprint.operation("listErasures", Role.ADMINISTRATOR)
    def get(self, query: ListQuery) -> Page:
        """List erasures: who asked when, how many rows, and what is left"""
        return erasures.list_page(dependencies().database, query)

    @blueprint.arguments(PersonSchema, location="json")
    @blueprint.response(200, ErasureSchema)
    @blueprint.refuses(Code.INVALID_PHONE, Code.PHONE_HASH_KEY_MISSING)
    @blueprint.operation("erasePerson", Role.ADMINISTRATOR)
    def post(self, body: Mapping[str, str]) -> ErasureView:
        """Erase a person: cancel what is scheduled, remove what is personal, and say what is left; safe to repeat"""
        deps, by = dependencies(), current_user()
        erasure_id = erasure.begin(
            deps.database, _phone_of(body), deps.config_cache.phone_hash, by=by, now=deps.now()
        )  # fmt: skip
        with suppress(Unavailable):  # it has begun: the master goes on
            erasure.go_on(deps.database, erasure_id, by=by, now=deps.now(), may_go_on=_has_time)
        return _shown(erasure_id)


@blueprint.route("/preview")
class ErasurePreview(MethodView):
    @blueprint.arguments(PersonSchema, location="json")
    @blueprint.response(200, ErasurePreviewSchema)
    @blueprint.refuses(Code.INVALID_PHONE)
    @blueprint.operation("previewErasure", Role.ADMINISTRATOR)
    def post(self, body: Mapping[str, str]) -> erasure.Affected:
        """What an erasure of a number would be about; changes nothing"""
        deps = dependencies()
        return erasure.affected(deps.database, _phone_of(body), deps.config_cache.phone_hash)


@blueprint.route("/<key:id>")
class ErasureOne(MethodView):
    @blueprint.response(200, ErasureSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getErasure", Role.ADMINISTRATOR)
    def get(self, id: int) -> ErasureView:
        """Show an erasure and what is left of it"""
        return _shown(id)


def _phone_of(body: Mapping[str, str]) -> str:
    """Raises `invalid_phone`."""
    return dependencies().config_cache.retry_if_stale(lambda one: phone_to_search(one.settings, body["phone"]))


def _has_time() -> bool:
    return deadline.remaining() > MIN_SECONDS


def _shown(erasure_id: int) -> ErasureView:
    found = erasures.read_one(dependencies().database, erasure_id)
    if found is None:
        raise DomainError(Code.NOT_FOUND, "There is no erasure with this id.")
    return found
