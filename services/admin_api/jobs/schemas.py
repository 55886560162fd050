"""What goes over the wire about jobs."""

from datetime import datetime

from flask import Response, jsonify
from marshmallow import fields, validate

from services.admin_api.framework.fields import Instant, StringId
from services.admin_api.framework.paging import PageQuery, PageSchema, sort_field
from services.admin_api.identity.current_user import CurrentUser
from services.admin_api.jobs import store
from shared.db.session import Database
from shared.web.schemas import ApiSchema

PATH = "/admin/api/v1/jobs"
STATUSES = ("queued", "running", "done", "failed", "cancelled")


class JobSchema(ApiSchema):
    """Work that goes on after its request was answered; one job at a time, on all nodes together."""

    id = StringId(required=True)
    kind = fields.String(
        required=True, metadata={"description": "`do_not_call_import`, `bulk_cancel` or `bulk_restore`"}
    )
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    dry_run = fields.Boolean(required=True, metadata={"description": "It only counts and changes nothing"})
    lost = fields.Boolean(
        required=True, metadata={"description": "Its node is not heard of any more; another one goes on with it"}
    )
    total = fields.Integer(required=True, metadata={"description": "Lines or callbacks"})
    done = fields.Integer(required=True, metadata={"description": "How many of them are dealt with, for good"})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    problem = fields.String(required=True, allow_none=True, metadata={"description": "Why it failed"})
    node = fields.String(required=True, allow_none=True, metadata={"description": "Who runs it, or did last"})
    created_at = Instant(required=True)
    created_by = fields.String(required=True)
    started_at = Instant(required=True, allow_none=True)
    finished_at = Instant(required=True, allow_none=True)


class JobLineSchema(ApiSchema):
    """What became of a line; what stands in it is told by `result` alone, for it may be a number."""

    line = fields.Integer(required=True, metadata={"description": "Of the file; the first is 1"})
    message = fields.String(required=True)


class JobDetailSchema(JobSchema):
    result_lines = fields.Integer(required=True, metadata={"description": "How many the file `result` has"})
    restorable = fields.Integer(
        required=True, metadata={"description": "Callbacks that it cancelled, and that an undo would restore"}
    )
    lines = fields.List(fields.Nested(JobLineSchema), required=True, metadata={"description": "The first of them"})


class JobPageSchema(PageSchema):
    items = fields.List(fields.Nested(JobSchema), required=True)


class JobsQuery(PageQuery):
    sort = sort_field("createdAt", default="-createdAt")


def accepted(database: Database, job_id: int, by: CurrentUser, now: datetime) -> Response:
    """202 with a job that was made just now."""
    view, _, _ = store.read_one(database, job_id, by, now)
    response: Response = jsonify(JobSchema().dump(view))
    response.status_code = 202
    response.headers["Location"] = f"{PATH}/{job_id}"
    return response
