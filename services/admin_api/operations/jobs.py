"""Jobs: what goes on after its request was answered: progress, result, cancel, retry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView

from services.admin_api.callbacks import bulk_cancel, bulk_lines, bulk_restore
from services.admin_api.do_not_call import import_job
from services.admin_api.framework import csv_response
from services.admin_api.framework.limits import LIMIT_SECONDS
from services.admin_api.framework.paging import ListQuery, Page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scope, Scoped
from services.admin_api.jobs import store
from services.admin_api.jobs.running import Work
from services.admin_api.jobs.schemas import PATH, JobDetailSchema, JobPageSchema, JobsQuery
from shared import deadline
from shared.callbacks.settings import BusinessSettings
from shared.db.session import Database
from shared.errors import Code
from shared.web.dependencies import dependencies

Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of job does, and its result as a file."""

    work: Work
    columns: Sequence[str]
    columns_without_export: int  # of them, for who has no right to export
    result_rows: Callable[[Database, int, Scope, BusinessSettings, datetime], Rows]


KINDS: Mapping[str, Kind] = {
    import_job.KIND: Kind(
        import_job.work, import_job.COLUMNS, import_job.COLUMNS_WITHOUT_EXPORT, import_job.result_rows
    ),
    bulk_cancel.KIND: Kind(
        bulk_cancel.work, bulk_lines.COLUMNS, bulk_lines.COLUMNS_WITHOUT_EXPORT, bulk_lines.result_rows
    ),
    bulk_restore.KIND: Kind(
        bulk_restore.work, bulk_lines.COLUMNS, bulk_lines.COLUMNS_WITHOUT_EXPORT, bulk_lines.result_rows
    ),
}

blueprint = require_session(AdminBlueprint("jobs", __name__, url_prefix=PATH, description=__doc__))


@blueprint.route("")
class Jobs(MethodView):
    @blueprint.arguments(JobsQuery, location="query")
    @blueprint.response(200, JobPageSchema)
    @blueprint.operation("listJobs", Role.OPERATOR, Scoped.SKILLS)
    def get(self, query: ListQuery) -> Page:
        """List jobs, the latest first"""
        deps = dependencies()
        return store.list_page(deps.database, query, current_user(), deps.now())


@blueprint.route("/<key:id>")
class JobOne(MethodView):
    @blueprint.response(200, JobDetailSchema)
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getJob", Role.OPERATOR, Scoped.SKILLS, background=True)
    def get(self, id: int) -> dict[str, Any]:
        """Show a job with the first lines of its result"""
        deps = dependencies()
        return _detail(deps.database, id, deps.now())


@blueprint.route("/<key:id>/result")
class JobResult(MethodView):
    @blueprint.response(200, {"type": "string"}, content_type=csv_response.TYPE, description="The result as CSV")
    @blueprint.refuses(Code.NOT_FOUND)
    @blueprint.operation("getJobResult", Role.OPERATOR, Scoped.SKILLS, shows_phones=True)
    def get(self, id: int) -> Response:
        """The result so far as CSV: the lines of an import that failed, or what became of each callback"""
        deps = dependencies()
        by, now = current_user(), deps.now()
        view, _, _ = store.read_one(deps.database, id, by, now)
        kind = KINDS[view.kind]
        columns = kind.columns if by.scope.may_export else kind.columns[: kind.columns_without_export]
        with deadline.within(LIMIT_SECONDS):
            rows = kind.result_rows(deps.database, id, by.scope, deps.config_cache.current().settings, now)
            file = csv_response.CsvFile(columns, (row[: len(columns)] for row in rows))
        return file.response(f"{view.kind.replace('_', '-')}-{id}.csv")


@blueprint.route("/<key:id>/cancel")
class JobCancel(MethodView):
    @blueprint.response(200, JobDetailSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.WRONG_JOB_STATE)
    @blueprint.operation("cancelJob", Role.OPERATOR, Scoped.SKILLS)
    def post(self, id: int) -> dict[str, Any]:
        """End a job that waits or runs; what it did stays"""
        deps = dependencies()
        now = deps.now()
        store.cancel(deps.database, id, current_user(), now)
        return _detail(deps.database, id, now)


@blueprint.route("/<key:id>/retry")
class JobRetry(MethodView):
    @blueprint.response(200, JobDetailSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.WRONG_JOB_STATE)
    @blueprint.operation("retryJob", Role.OPERATOR, Scoped.SKILLS)
    def post(self, id: int) -> dict[str, Any]:
        """Have a job that failed go on where it stopped"""
        deps = dependencies()
        now = deps.now()
        store.retry(deps.database, id, current_user(), now)
        return _detail(deps.database, id, now)


def _detail(database: Database, job_id: int, now: datetime) -> dict[str, Any]:
    view, count, lines = store.read_one(database, job_id, current_user(), now)
    restorable = bulk_restore.count_left(database, view)
    return {**asdict(view), "result_lines": count, "lines": lines, "restorable": restorable}
