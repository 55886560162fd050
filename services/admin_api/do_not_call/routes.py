"""Do not call: numbers that are never called back. They stand in bodies only, never in addresses that are logged."""

from typing import Any

from flask import Response, request
from flask.views import MethodView
from marshmallow import fields

from services.admin_api.do_not_call import entries, import_job
from services.admin_api.framework import csv_response
from services.admin_api.framework.fields import Instant
from services.admin_api.framework.limits import LIMIT_SECONDS, MAX_IMPORT_BYTES, MAX_IMPORT_LINES
from services.admin_api.framework.paging import ListQuery, Page, PageQuery, PageSchema, sort_field
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.masked_fields import Phone, TextWithPhones
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.jobs.schemas import JobSchema, accepted
from services.admin_api.schedules.impact import DryRun, DryRunQuery
from shared import deadline
from shared.callbacks.rules import phone_to_search
from shared.callbacks.settings import BusinessSettings
from shared.errors import Code, DomainError
from shared.web.dependencies import dependencies
from shared.web.schemas import ApiSchema, CleanText, FreeText, Length

_FILE = {"type": "string", "format": "binary"}

blueprint = require_session(
    AdminBlueprint("do-not-call", __name__, url_prefix="/admin/api/v1/do-not-call", description=__doc__)
)


class DoNotCallWriteSchema(ApiSchema):
    phone = FreeText(required=True, validate=Length(1, 64))
    note = CleanText(load_default=None, allow_none=True, validate=Length(max=255))


class DoNotCallSchema(ApiSchema):
    phone = Phone(required=True, metadata={"description": "E.164; `…42` for who may not see whole numbers"})
    note = TextWithPhones(required=True, allow_none=True)
    added_at = Instant(required=True)
    added_by = fields.String(required=True, allow_none=True)


class DoNotCallAddedSchema(DoNotCallSchema):
    cancelled = fields.Integer(
        required=True, metadata={"description": "Callbacks that waited for the number, and were cancelled"}
    )
    at_ucce = fields.Integer(required=True, metadata={"description": "Callbacks that UCCE has and may still call"})


class DoNotCallPageSchema(PageSchema):
    items = fields.List(fields.Nested(DoNotCallSchema), required=True)


class DoNotCallQuery(PageQuery):
    """`q` is a part of the number or of the note, or the whole number of an erased person; for who may not see whole
    numbers a whole number, or a part of the note."""

    sort = sort_field("addedAt", "phone", default="-addedAt")


class RemovalSchema(ApiSchema):
    phones = fields.List(FreeText(validate=Length(1, 64)), required=True, validate=Length(1, 1000))


class RemovedSchema(ApiSchema):
    removed = fields.Integer(required=True, metadata={"description": "How many of them stood on the list"})


@blueprint.route("")
class DoNotCallList(MethodView):
    @blueprint.arguments(DoNotCallQuery, location="query")
    @blueprint.response(200, DoNotCallPageSchema)
    @blueprint.operation("listDoNotCall", Role.VIEWER, Scoped.COMMON, shows_phones=True)
    def get(self, query: ListQuery) -> Page:
        """List numbers that are never called back"""
        deps, scope = dependencies(), current_user().scope
        if query.sort in ("phone", "-phone"):
            scope.require_phones("Sorting by number")
        number = _whole_number(query.q, deps.config_cache.current().settings)
        page = entries.list_page(deps.database, query, scope, None if scope.sees_phones else number)
        return page if page.total else entries.erased_page(deps.database, query, number, deps.config_cache.phone_hash)

    @blueprint.arguments(DoNotCallWriteSchema, location="json")
    @blueprint.response(201, DoNotCallAddedSchema)
    @blueprint.refuses(Code.ALREADY_EXISTS, Code.INVALID_PHONE)
    @blueprint.operation("addDoNotCall", Role.OPERATOR, Scoped.COMMON)
    def post(self, body: dict[str, Any]) -> Any:
        """Put a number on the list; its callbacks that wait are cancelled"""
        deps = dependencies()
        phone = deps.config_cache.retry_if_stale(lambda snapshot: phone_to_search(snapshot.settings, body["phone"]))
        return entries.add(deps.database, phone, body["note"], current_user(), deps.now())


@blueprint.route("/removals")
class Removals(MethodView):
    @blueprint.arguments(RemovalSchema, location="json")
    @blueprint.response(200, RemovedSchema)
    @blueprint.refuses(Code.INVALID_PHONE)
    @blueprint.operation("removeDoNotCall", Role.OPERATOR, Scoped.COMMON)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take numbers off the list"""
        deps = dependencies()
        phones = deps.config_cache.retry_if_stale(
            lambda snapshot: [phone_to_search(snapshot.settings, phone) for phone in body["phones"]]
        )
        return {
            "removed": entries.remove(deps.database, phones, deps.config_cache.phone_hash, current_user(), deps.now())
        }


@blueprint.route("/export")
class Export(MethodView):
    @blueprint.response(200, {"type": "string"}, content_type=csv_response.TYPE, description="The whole list as CSV")
    @blueprint.refuses(Code.VALIDATION_ERROR)
    @blueprint.operation("exportDoNotCall", Role.OPERATOR, Scoped.COMMON, export=True, shows_phones=True)
    def get(self) -> Response:
        """The whole list as CSV; an import reads it as it is"""
        deps = dependencies()
        with deadline.within(LIMIT_SECONDS):
            return entries.export_file(deps.database, current_user(), deps.now()).response("do-not-call.csv")


@blueprint.route("/import")
class Import(MethodView):
    @blueprint.arguments(DryRunQuery, location="query")
    @blueprint.response(202, JobSchema)
    @blueprint.doc(
        requestBody={"required": True, "content": {csv_response.TYPE: {"schema": _FILE}}},
        description="Columns `phone` and, if there is one, `note`; a first line that names them, or no such line and "
        "the number first. UTF-8; comma, semicolon or tab. Good lines are taken even where others fail; 4 MiB and "
        f"{MAX_IMPORT_LINES} lines at most. `counts` are `added`, `updated` (on the list already; the note is new), "
        "`unchanged` (on the list already, or twice in the file) and `failed`: every line is in exactly one of them. "
        "Callbacks that wait for the numbers are cancelled; `callbacksCancelled` counts them. "
        "`dryRun`: the job only counts.",
    )
    @blueprint.refuses(Code.BODY_TOO_LARGE, Code.TOO_MANY_JOBS)
    @blueprint.operation("importDoNotCall", Role.OPERATOR, Scoped.COMMON)
    def post(self, query: DryRun) -> Response:
        """Have the numbers of a CSV file put on the list by a job; each line that fails is told there"""
        deps = dependencies()
        request.max_content_length = MAX_IMPORT_BYTES
        now = deps.now()
        job_id = import_job.submit(deps.database, request.get_data(), current_user(), now, dry_run=query.dry_run)
        return accepted(deps.database, job_id, current_user(), now)


def _whole_number(text: str | None, settings: BusinessSettings) -> str | None:
    """The number that `text` is, E.164; None when it is none."""
    try:
        return phone_to_search(settings, text) if text else None
    except DomainError:
        return None
