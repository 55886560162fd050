"""Callbacks: search, detail with timeline, cancel, reschedule, hand over now, cancel many."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from flask.views import MethodView
from sqlalchemy import Connection

from services.admin_api.callbacks import bulk_cancel, bulk_restore
from services.admin_api.callbacks.callback_schemas import (
    BulkCancelSchema,
    BulkPreviewSchema,
    CallbackDetailSchema,
    CallbackSearchPageSchema,
    CallbackSearchQuery,
    CancelSchema,
    MoveSchema,
)
from services.admin_api.callbacks.detail import CallbackDetail, read_detail
from services.admin_api.callbacks.filters import BulkCancel as BulkCancelRequest
from services.admin_api.callbacks.filters import CallbackSearch
from services.admin_api.callbacks.search import search
from services.admin_api.framework.paging import Page
from services.admin_api.identity.authorization import AdminBlueprint, require_session
from services.admin_api.identity.current_user import current_user
from services.admin_api.identity.roles import Role
from services.admin_api.identity.scope import Scoped
from services.admin_api.jobs.schemas import JobSchema, accepted
from shared.callbacks import cancel_dispatch
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.lookup import plain_account_number
from shared.callbacks.no_result import result_expected_since
from shared.callbacks.reschedule import reschedule
from shared.callbacks.resolver import REFUSALS
from shared.db import skill_links
from shared.db.audit import write_audit as audit
from shared.db.models import Callback
from shared.db.session import Database
from shared.errors import Code
from shared.web.dependencies import dependencies

blueprint = require_session(
    AdminBlueprint("callbacks", __name__, url_prefix="/admin/api/v1/callbacks", description=__doc__)
)


@blueprint.route("")
class Callbacks(MethodView):
    @blueprint.arguments(CallbackSearchQuery, location="query")
    @blueprint.response(200, CallbackSearchPageSchema)
    @blueprint.refuses(Code.INVALID_PHONE)
    @blueprint.operation("searchCallbacks", Role.VIEWER, Scoped.SKILLS, shows_phones=True)
    def get(self, query: CallbackSearch) -> Page:
        """Search callbacks, the latest first; more than 10,000 are not counted"""
        deps, scope = dependencies(), current_user().scope
        config_cache: ConfigCache = deps.config_cache
        return config_cache.retry_if_stale(lambda snapshot: search(deps.database, snapshot, query, scope, deps.now()))


@blueprint.route("/<string:account_number>")
class CallbackOne(MethodView):
    @blueprint.response(200, CallbackDetailSchema)
    @blueprint.refuses(Code.UNKNOWN_CALLBACK)
    @blueprint.operation("getCallback", Role.VIEWER, Scoped.SKILLS, shows_phones=True)
    def get(self, account_number: str) -> CallbackDetail:
        """Show a callback with its call data, timeline and attempts"""
        return _detail(dependencies().database, plain_account_number(account_number))


@blueprint.route("/<string:account_number>/cancel")
class Cancel(MethodView):
    @blueprint.arguments(CancelSchema, location="json")
    @blueprint.response(200, CallbackDetailSchema)
    @blueprint.refuses(Code.UNKNOWN_CALLBACK, Code.NOT_CANCELLABLE)
    @blueprint.operation("cancelCallback", Role.OPERATOR, Scoped.SKILLS)
    def post(self, body: dict[str, Any], account_number: str) -> CallbackDetail:
        """Cancel a scheduled callback; its place is free again"""
        database, number, now = _change_context(account_number)
        why = body["reason"] or "cancelled"
        in_audit = _audit_callback("cancel", number, now, None)  # the reason is in the timeline, which can be erased
        cancel_dispatch.cancel(database, number, now=now, who=current_user().who, why=why, in_transaction=in_audit)
        return _detail(database, number)


@blueprint.route("/<string:account_number>/reschedule")
class Reschedule(MethodView):
    @blueprint.arguments(MoveSchema, location="json")
    @blueprint.response(200, CallbackDetailSchema)
    @blueprint.refuses(Code.UNKNOWN_CALLBACK, Code.NOT_RESCHEDULABLE, *REFUSALS)
    @blueprint.operation("rescheduleCallback", Role.OPERATOR, Scoped.SKILLS)
    def post(self, body: dict[str, Any], account_number: str) -> CallbackDetail:
        """Move a scheduled callback to another start"""
        database, number, now = _change_context(account_number)
        in_audit = _audit_callback("reschedule", number, now, {"start": body["start"]})
        config_cache = dependencies().config_cache
        reschedule(
            database, config_cache, number, body["start"], now=now, who=current_user().who, in_transaction=in_audit
        )
        return _detail(database, number)


@blueprint.route("/<string:account_number>/dispatch-now")
class DispatchNow(MethodView):
    @blueprint.response(200, CallbackDetailSchema)
    @blueprint.refuses(Code.UNKNOWN_CALLBACK, Code.NOT_DISPATCHABLE, Code.OUTSIDE_CALLING_HOURS)
    @blueprint.operation("dispatchCallbackNow", Role.OPERATOR, Scoped.SKILLS)
    def post(self, account_number: str) -> CallbackDetail:
        """Have the master hand over a scheduled callback with its next cycle"""
        database, number, now = _change_context(account_number)
        in_audit = _audit_callback("dispatch_now", number, now, None)
        cancel_dispatch.dispatch_now(
            database, dependencies().config_cache, number, now=now, who=current_user().who, in_transaction=in_audit
        )
        return _detail(database, number)


@blueprint.route("/bulk-cancel/preview")
class BulkCancelPreview(MethodView):
    @blueprint.arguments(BulkCancelSchema, location="json")
    @blueprint.response(200, BulkPreviewSchema)
    @blueprint.refuses(Code.INVALID_PHONE, Code.COUNT_CHANGED)
    @blueprint.operation("previewBulkCancel", Role.OPERATOR, Scoped.SKILLS, shows_phones=True)
    def post(self, query: BulkCancelRequest) -> bulk_cancel.BulkPreview:
        """What a bulk cancel would cancel: the scheduled callbacks of a filter by day and skill, and the first ones"""
        deps, scope = dependencies(), current_user().scope
        config_cache: ConfigCache = deps.config_cache
        return config_cache.retry_if_stale(
            lambda snapshot: bulk_cancel.preview(deps.database, snapshot, query, scope, deps.now())
        )


@blueprint.route("/bulk-cancel")
class BulkCancel(MethodView):
    @blueprint.arguments(BulkCancelSchema, location="json")
    @blueprint.response(202, JobSchema)
    @blueprint.refuses(Code.INVALID_PHONE, Code.COUNT_CHANGED, Code.TOO_MANY_JOBS)
    @blueprint.operation("bulkCancelCallbacks", Role.OPERATOR, Scoped.SKILLS)
    def post(self, query: BulkCancelRequest) -> Response:
        """Have every scheduled callback of a filter cancelled by a job, if they are as many as `count` says"""
        deps = dependencies()
        now = deps.now()
        job_id = bulk_cancel.submit(deps.database, deps.config_cache.current(), query, current_user(), now)
        return accepted(deps.database, job_id, current_user(), now)


@blueprint.route("/bulk-cancel/<key:id>/undo")
class BulkCancelUndo(MethodView):
    @blueprint.response(202, JobSchema)
    @blueprint.refuses(Code.NOT_FOUND, Code.WRONG_JOB_STATE, Code.TOO_MANY_JOBS)
    @blueprint.operation("undoBulkCancel", Role.OPERATOR, Scoped.SKILLS)
    def post(self, id: int) -> Response:
        """Have what a bulk cancel (by the id of its job) cancelled restored by a job, where the places are free"""
        deps = dependencies()
        now = deps.now()
        job_id = bulk_restore.submit(deps.database, id, current_user(), now)
        return accepted(deps.database, job_id, current_user(), now)


def _change_context(account_number: str) -> tuple[Database, str, datetime]:
    """What a change of a callback needs: the database, the plain account number, and now.

    Raises `unknown_callback`, also when the person does not see it. A callback never moves to another skill.
    """
    deps = dependencies()
    number = plain_account_number(account_number)
    if current_user().scope.is_limited:
        _detail(deps.database, number)
    return deps.database, number, deps.now()


def _audit_callback(
    action: str, number: str, now: datetime, after: dict[str, Any] | None
) -> Callable[[Connection], None]:
    by = current_user()

    def write(tx: Connection) -> None:
        skills = skill_links.skills_of(tx, Callback, number)
        audit(tx, by, action, "callbacks", number, now=now, after=after, skills=skills)

    return write


def _detail(database: Database, number: str) -> CallbackDetail:
    """Raises `unknown_callback`."""
    deps = dependencies()
    since = result_expected_since(deps.config_cache.current().settings, deps.now())
    return read_detail(database, number, current_user().scope, since)
